using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>Asks for the configured key, if there is one, on every address but the health check.</summary>
internal sealed class BearerKeyMiddleware(RequestDelegate next, IOptions<ModelServerOptions> options)
{
    private readonly byte[]? _key = options.Value.ApiKey is { } key ? Digest(key) : null;

    public Task InvokeAsync(HttpContext context)
    {
        if (_key is null || context.Request.Path == "/health" || IsShown(context.Request))
            return next(context);
        return ErrorAnswer.WriteAsync(context, new(ErrorCode.InvalidApiKey, "Send this server's key: Authorization: Bearer <key>."));
    }

    private bool IsShown(HttpRequest request) =>
        request.Headers.Authorization is [{ } value]
        && AuthenticationHeaderValue.TryParse(value, out var header)
        && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        && header.Parameter is { } key
        // Digests have one length, so the time taken tells nothing about the key's.
        && CryptographicOperations.FixedTimeEquals(Digest(key), _key);

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
