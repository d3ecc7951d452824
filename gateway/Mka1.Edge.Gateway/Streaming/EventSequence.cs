using System.Text.Json;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Reads <c>sequence_number</c> out of an event's data while checking that the data is one JSON object.</summary>
internal static class EventSequence
{
    /// <returns>The number; null when the member is missing or no integer.</returns>
    /// <exception cref="UpstreamProtocolException">The data is not one JSON object.</exception>
    public static long? Read(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw NotAnObject();
            long? number = null;
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("sequence_number"u8)) continue;
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)) number = value;
            }

            return number;
        }
        catch (JsonException)
        {
            throw NotAnObject();
        }
    }

    private static UpstreamProtocolException NotAnObject() => new("An event's data is not one JSON object.");
}
