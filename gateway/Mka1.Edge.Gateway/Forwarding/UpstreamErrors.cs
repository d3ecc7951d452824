using System.Net;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>
/// What a client is told when a model server refuses. The server's own words are passed on only where the client can act on
/// them (400, 413, 422); everything else is the gateway's business and says so without naming hosts.
/// </summary>
internal static class UpstreamErrors
{
    private const int MaxBody = 64 * 1024;
    private const int MaxMessage = 1000;

    private static readonly Dictionary<string, ErrorCode> BadRequests = Enum.GetValues<ErrorCode>()
        .Where(code => ErrorTable.Of(code).Status == StatusCodes.Status400BadRequest)
        .ToDictionary(code => ErrorTable.Of(code).Code);

    /// <summary>What a status other than 200 says of the destination.</summary>
    public static AttemptEnd EndOf(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity ? AttemptEnd.Refused : AttemptEnd.BadStatus;

    /// <summary>What a whole answer says of the destination: one that names a fault of its own speaks against it.</summary>
    public static AttemptEnd EndOf(ResponseObject final) => final is { Status: ResponseStatus.Failed, Error.Code: "server_error" } ? AttemptEnd.Failed : AttemptEnd.Served;

    /// <summary>The refusal in a model server's answer; null when it is no refusal.</summary>
    public static async ValueTask<ApiError?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            case StatusCodes.Status200OK:
                return null;
            case StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity:
                return BadRequest(await ReadBoundedAsync(response.Content, cancellation));
            case StatusCodes.Status413PayloadTooLarge:
                return new ApiError(ErrorCode.BodyTooLarge, "The input is too large for the model. Send less.");
            default:
                return new ApiError(ErrorCode.UpstreamError, "The model server could not serve the request. Retry.");
        }
    }

    private static ApiError BadRequest(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("error"u8, out var error) && Text(error, "message"u8) is { } message)
            {
                var code = Text(error, "code"u8) is { } wire && BadRequests.TryGetValue(wire, out var known) ? known : ErrorCode.InvalidValue;
                return new ApiError(code, message.Length <= MaxMessage ? message : message[..MaxMessage], Text(error, "param"u8));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A refusal without the envelope is still a refusal: it gets our words below.
        }

        return new ApiError(ErrorCode.InvalidValue, "The model server refused the request as invalid.");
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static async ValueTask<byte[]> ReadBoundedAsync(HttpContent content, CancellationToken cancellation) =>
        await BoundedContent.ReadAsync(content, MaxBody, cancellation) ?? [];
}
