using Mka1.Edge.Responses;
using Microsoft.Extensions.Primitives;

namespace Mka1.Edge.Gateway.Idempotency;

/// <summary>Reads <c>Idempotency-Key</c>: 1 to 255 printable ASCII characters, sent once.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>The key, or what is wrong with it; neither when none was sent.</summary>
    public static (string? Key, ApiError? Error) Read(StringValues header)
    {
        if (header.Count == 0) return (null, null);
        if (header is not [{ Length: >= 1 and <= MaxLength } key] || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return (null, new ApiError(ErrorCode.InvalidValue, $"Idempotency-Key is sent once, as 1 to {MaxLength} printable ASCII characters.", Header));
        return (key, null);
    }
}
