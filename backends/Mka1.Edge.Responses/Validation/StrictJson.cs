using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Mka1.Edge.Responses;

/// <summary>
/// The gate every body passes first. What it lets through, System.Text.Json reads without surprises: no exceptions
/// other than JsonException, no Infinity out of <c>1e400</c>, no key that two parsers would read differently.
/// </summary>
internal static class StrictJson
{
    // Room for the longest key of the default limits, every character escaped as a surrogate pair.
    private const int KeyBufferLength = 256 * 12;

    /// <summary>Checks that the bytes are one JSON object within the limits; null means they are.</summary>
    public static JsonFault? Check(ReadOnlySpan<byte> json, RequestLimits limits)
    {
        if (json.IsEmpty)
            return Unlocated("The body is empty. Send one JSON object.");
        if (json.StartsWith("\uFEFF"u8))
            return Unlocated("The body begins with a byte order mark. Send UTF-8 without one.");
        if (!Utf8.IsValid(json))
            return Unlocated("The body is not valid UTF-8. Send JSON encoded as UTF-8.");
        try
        {
            return Walk(json, limits);
        }
        catch (JsonException fault)
        {
            return Unlocated($"The body is not valid JSON: see line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.");
        }
    }

    private static JsonFault? Walk(ReadOnlySpan<byte> json, RequestLimits limits)
    {
        // One level more than allowed, so that the fault is ours to name.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 });
        Span<byte> keyBuffer = stackalloc byte[KeyBufferLength];
        using var keys = new KeyLedger(limits.MaxDepth);
        while (reader.Read())
        {
            var fault = reader.TokenType switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => Open(ref reader, keys, limits),
                JsonTokenType.EndObject => Close(ref reader, keys),
                JsonTokenType.PropertyName => Key(ref reader, keys, limits, keyBuffer),
                JsonTokenType.String => String(ref reader),
                JsonTokenType.Number => Number(ref reader, limits),
                _ => null,
            };
            if (fault is null && reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                fault = Unlocated("The body must be a JSON object, with the request's fields inside.");
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private static JsonFault? Open(ref Utf8JsonReader reader, KeyLedger keys, RequestLimits limits)
    {
        if (reader.CurrentDepth >= limits.MaxDepth)
            return Unlocated($"The body is nested more than {limits.MaxDepth} levels deep. Flatten it.");
        if (reader.TokenType == JsonTokenType.StartObject)
            keys.Open(reader.CurrentDepth);
        return null;
    }

    private static JsonFault? Close(ref Utf8JsonReader reader, KeyLedger keys)
    {
        keys.Close(reader.CurrentDepth);
        return null;
    }

    private static JsonFault? Key(ref Utf8JsonReader reader, KeyLedger keys, RequestLimits limits, scoped Span<byte> buffer)
    {
        scoped var name = reader.ValueSpan;
        var offset = (int)reader.TokenStartIndex;
        if (reader.ValueIsEscaped && JsonStrings.HasLoneSurrogate(name))
            return Unlocated($"A property name near byte {offset} holds half of a surrogate pair. Send valid Unicode text.");
        if (name.Length > limits.MaxKeyLength && JsonStrings.CountCodePoints(name) > limits.MaxKeyLength)
            return Unlocated($"A property name near byte {offset} is longer than {limits.MaxKeyLength} characters. Shorten it.");

        // A limit above the buffer's is the operator's choice; it costs an array for each long escaped key.
        scoped var target = !reader.ValueIsEscaped || name.Length <= buffer.Length ? buffer : new byte[name.Length];
        if (reader.ValueIsEscaped)
            name = target[..reader.CopyString(target)];
        return keys.Add(reader.CurrentDepth - 1, name, limits.MaxPropertiesPerObject) switch
        {
            KeyLedger.Outcome.Duplicate => new(offset, "appears twice in its object; send it once", IsLocated: true),
            KeyLedger.Outcome.TooMany => Unlocated($"An object near byte {offset} has more than {limits.MaxPropertiesPerObject} properties. Split it."),
            _ => null,
        };
    }

    private static JsonFault? String(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped && JsonStrings.HasLoneSurrogate(reader.ValueSpan)
            ? new((int)reader.TokenStartIndex, "holds half of a surrogate pair; send valid Unicode text", IsLocated: true)
            : null;

    private static JsonFault? Number(ref Utf8JsonReader reader, RequestLimits limits)
    {
        var digits = reader.ValueSpan;
        if (digits.Length > limits.MaxNumberLength)
            return new((int)reader.TokenStartIndex, $"is a number of more than {limits.MaxNumberLength} characters; shorten it", IsLocated: true);

        // Without an exponent the length bound alone keeps a number finite.
        if (digits.IndexOfAny((byte)'e', (byte)'E') >= 0
            && (!Utf8Parser.TryParse(digits, out double value, out _) || !double.IsFinite(value)))
            return new((int)reader.TokenStartIndex, "is a number too large to represent", IsLocated: true);
        return null;
    }

    private static JsonFault Unlocated(string message) => new(0, message, IsLocated: false);
}
