using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Pads delta events, so that whoever watches the encrypted line does not read words off their sizes. The padding follows from
/// the response and the event's number alone: everyone who reads a stream, whenever and wherever, gets the same bytes.
/// </summary>
public static class Obfuscation
{
    private const int Block = 32;
    private const int ExtraMask = 15;

    private static ReadOnlySpan<byte> Letters => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>The event's data with an <c>obfuscation</c> member; the same memory for events that are no delta.</summary>
    /// <param name="data">Data of one event: a JSON object.</param>
    /// <param name="responseId">The response it belongs to.</param>
    /// <param name="sequence">Its number.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> data, string responseId, long sequence) => PayloadLength(data.Span) is { } length
        ? JsonSplice.Apply(data.Span, JsonEdit.Set("obfuscation", Padding(length, responseId, sequence)))
        : data;

    /// <summary>Bytes of the event's delta as they stand on the wire; null when the event is no delta.</summary>
    private static int? PayloadLength(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        int? length = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isDelta) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("delta"u8));
            reader.Read();
            if (isType && (reader.TokenType != JsonTokenType.String || !reader.ValueSpan.EndsWith(".delta"u8))) return null;
            var start = reader.TokenStartIndex;
            reader.Skip();
            if (isDelta) length = (int)(reader.BytesConsumed - start);
        }

        return length;
    }

    /// <summary>A JSON string: up to the next multiple of the block, and 0 to 15 letters more.</summary>
    private static byte[] Padding(int payload, string responseId, long sequence)
    {
        var seed = new byte[Encoding.UTF8.GetByteCount(responseId) + sizeof(long) + 1];
        var id = Encoding.UTF8.GetBytes(responseId, seed);
        BinaryPrimitives.WriteInt64BigEndian(seed.AsSpan(id), sequence);
        Span<byte> noise = stackalloc byte[SHA256.HashSizeInBytes * 2];
        SHA256.HashData(seed, noise);
        seed[^1] = 1;
        SHA256.HashData(seed, noise[SHA256.HashSizeInBytes..]);

        var letters = ((Block - (payload % Block)) % Block) + (noise[0] & ExtraMask);
        var text = new byte[letters + 2];
        for (var i = 0; i < letters; i++) text[i + 1] = Letters[noise[i + 1] % Letters.Length];
        text[0] = text[^1] = (byte)'"';
        return text;
    }
}
