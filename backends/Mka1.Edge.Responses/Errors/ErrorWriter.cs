using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>The one writer of the error envelope <c>{"error":{"message","type","param","code"}}</c>.</summary>
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
        json.WriteEndObject();
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
