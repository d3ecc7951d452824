using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// The event that ends a stream. It is made from the response object's bytes alone, so that it can be made again from the
/// store, byte for byte, when the log no longer has it.
/// </summary>
internal static class TerminalEvent
{
    /// <summary>The event's name. A cancelled response ends as an incomplete one: clients know no other word for it (contract.md E.6).</summary>
    public static string NameOf(ResponseStatus status) => status switch
    {
        ResponseStatus.Completed => EventNames.Completed,
        ResponseStatus.Failed => EventNames.Failed,
        _ => EventNames.Incomplete,
    };

    /// <summary>The JSON of the response object, as it is stored and sent.</summary>
    public static byte[] Body(ResponseObject response) => JsonSerializer.SerializeToUtf8Bytes(response, ResponsesJson.Wire.ResponseObject);

    /// <summary>The event's data.</summary>
    public static byte[] Data(string name, long sequence, ReadOnlySpan<byte> body)
    {
        var data = new ArrayBufferWriter<byte>(body.Length + 96);
        data.Write("{\"type\":\""u8);
        data.Write(Encoding.ASCII.GetBytes(name));
        data.Write("\",\"sequence_number\":"u8);
        data.Write(Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)));
        data.Write(",\"response\":"u8);
        data.Write(body);
        data.Write("}"u8);
        return data.WrittenSpan.ToArray();
    }
}
