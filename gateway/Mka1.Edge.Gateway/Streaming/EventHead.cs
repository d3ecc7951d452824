using System.Text.Json;
using System.Text.Unicode;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// What the relay must know of an event before it passes it on: its name and number. The data is looked through once, so that
/// nothing goes on that is not one JSON object, or that says one thing to clients that go by the event's name and another to
/// those that go by its <c>type</c>.
/// </summary>
internal readonly ref struct EventHead
{
    private EventHead(ReadOnlySpan<byte> name, long? sequenceNumber, int? outputIndex, ReadOnlySpan<byte> delta)
    {
        Name = name;
        SequenceNumber = sequenceNumber;
        OutputIndex = outputIndex;
        Delta = delta;
    }

    /// <summary>The event's name; that of its <c>type</c> when the stream gave none.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Null when the member is missing or no integer.</summary>
    public long? SequenceNumber { get; }

    /// <summary>Null when the member is missing or no integer.</summary>
    public int? OutputIndex { get; }

    /// <summary>The text in <c>delta</c>, as escaped as it came and without its quotes; empty without one.</summary>
    public ReadOnlySpan<byte> Delta { get; }

    public bool IsDelta => Name.EndsWith(".delta"u8);

    /// <exception cref="UpstreamProtocolException">The event breaks the contract.</exception>
    public static EventHead Read(SseFrame frame) => Read(frame.Event, frame.Data);

    /// <param name="name">The name that the stream gave it; empty when it gave none.</param>
    /// <param name="data">Its data.</param>
    /// <exception cref="UpstreamProtocolException">The event breaks the contract.</exception>
    public static EventHead Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!Utf8.IsValid(data)) throw new UpstreamProtocolException("An event is not UTF-8.");
        try
        {
            return Read(name, new Utf8JsonReader(data));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a name, sound JSON that no string can hold.
            throw NotAnObject();
        }
    }

    private static EventHead Read(ReadOnlySpan<byte> name, Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw NotAnObject();
        var type = default(ReadOnlySpan<byte>);
        var numbered = false;
        long? number = null;
        int? index = null;
        var delta = default(ReadOnlySpan<byte>);
        while (json.Read())
        {
            if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                if (!type.IsEmpty || json.TokenType != JsonTokenType.String || json.ValueIsEscaped) throw NoType();
                type = json.ValueSpan;
            }
            else if (json.ValueTextEquals("sequence_number"u8))
            {
                json.Read();
                if (numbered) throw new UpstreamProtocolException("An event has two sequence numbers.");
                numbered = true;
                if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value)) number = value;
            }
            else if (json.ValueTextEquals("output_index"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value)) index = value;
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String) delta = json.ValueSpan;
            }
        }

        return !type.IsEmpty && (name.IsEmpty || name.SequenceEqual(type)) ? new EventHead(type, number, index, delta) : throw NoType();
    }

    private static UpstreamProtocolException NotAnObject() => new("An event's data is not one JSON object.");

    private static UpstreamProtocolException NoType() => new("An event's type is not its name.");
}
