using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Puts the compaction that the gateway made of a run's context in front of what the model put out.</summary>
internal static class CompactedOutput
{
    /// <summary>The response with the compaction as its first output item; the same one when nothing was compacted.</summary>
    public static ResponseObject In(ResponseRun run, ResponseObject response) => run.History.Compaction is { } compaction
        ? response with { Output = [JsonSerializer.Deserialize(compaction.Span, ResponsesJson.Wire.ResponseItem)!, .. response.Output] }
        : response;

    /// <summary>Data of an event that tells of the compaction.</summary>
    public static byte[] Event(string name, long sequence, ReadOnlySpan<byte> compaction)
    {
        var data = new ArrayBufferWriter<byte>(compaction.Length + 128);
        data.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"type":"{{name}}","sequence_number":{{sequence}},"output_index":0,"item":""")));
        data.Write(compaction);
        data.Write("}"u8);
        return data.WrittenSpan.ToArray();
    }
}
