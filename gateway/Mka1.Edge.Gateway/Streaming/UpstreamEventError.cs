using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Reads the error event of a model server, whichever of the forms in use it has: flat, nested or both.</summary>
internal static class UpstreamEventError
{
    public static ResponseError Read(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var error = root.TryGetProperty("error"u8, out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : root;
        var unknown = ResponseError.From(new ApiError(ErrorCode.UpstreamError, "The model server failed. Retry."));
        return unknown with
        {
            Code = Text(error, "code"u8) ?? unknown.Code,
            Message = Text(error, "message"u8) ?? unknown.Message,
            Param = Text(error, "param"u8),
        };
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: sound JSON that no string can hold.
            return null;
        }
    }
}
