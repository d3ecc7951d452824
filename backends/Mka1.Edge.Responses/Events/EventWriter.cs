using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Writes the data of events that are not relayed as bytes.</summary>
public static class EventWriter
{
    /// <summary>The JSON of the hybrid error event, which all clients read (contract.md E.7).</summary>
    public static void WriteError(IBufferWriter<byte> output, long sequenceNumber, ResponseError error)
    {
        using var json = new Utf8JsonWriter(output, WireJson.WriterOptions);
        JsonSerializer.Serialize(json, ErrorEvent.Of(error, sequenceNumber), ResponsesJson.Wire.ErrorEvent);
    }
}
