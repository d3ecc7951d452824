using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>The one writer of the error envelope <c>{"error":{"message","type","param","code"}}</c>, with <c>rate_limit</c> where a limit was reached.</summary>
public static class ErrorWriter
{
    /// <summary>Writes the envelope as UTF-8 JSON.</summary>
    public static void Write(IBufferWriter<byte> output, ApiError error)
    {
        var shape = error.Shape;
        using var json = new Utf8JsonWriter(output, WireJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, shape.Type);
        json.WriteString("param"u8, error.Param);
        json.WriteString("code"u8, shape.Code);
        if (error.RateLimit is { } limit) Write(json, limit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RateLimitDetail limit)
    {
        json.WriteStartObject("rate_limit"u8);
        json.WriteString("scope"u8, limit.Scope);
        json.WriteString("dimension"u8, limit.Dimension);
        json.WriteString("window"u8, limit.Window);
        json.WriteNumber("limit"u8, limit.Limit);
        json.WriteNumber("used"u8, limit.Used);
        if (limit.ResetSeconds is { } reset) json.WriteNumber("reset_seconds"u8, Math.Round(reset, 3));
        else json.WriteNull("reset_seconds"u8);
        json.WriteEndObject();
    }

    /// <summary>The envelope as a new array.</summary>
    public static byte[] ToBytes(ApiError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, error);
        return buffer.WrittenSpan.ToArray();
    }
}
