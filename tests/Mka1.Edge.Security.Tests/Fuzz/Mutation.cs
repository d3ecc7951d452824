using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>A sample and what is done to it: few edits, each of two numbers, so that it shrinks by leaving some out.</summary>
internal sealed class Mutation(Sample[] samples, int of, (int Where, int What)[] edits)
{
    private const int MostEdits = 5;

    /// <summary>Words of JSON, of event streams and of HTTP, and what is known to trip those who read them.</summary>
    private static readonly byte[][] Words =
    [
        .. ((string[])
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "false", "-", "1e400", "-1e131071", "\\ud800", "\\udc00\\ud800", "\\u0000", "\\u006d", "\"type\":", "\"model\":",
            "\"input\":[", "\"id\":null,", "0", ".5", "e9", "\uFEFF", "😀", "NaN", "Infinity", "9223372036854775808", "9007199254740993", "1.0", "-0", "\0", "\"\"", "[]", "{}",
            "[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":", "\"stream\":true,", "\"store\":false,", "\"status\":\"failed\",", "\"sequence_number\":0,", "\"error\":{},", "\"usage\":null,",
            "\n", "\r", "\r\n", "\n\n", "data: ", "event: ", "event: response.completed\n", "data: [DONE]\n\n", ":", " ", "\t", "chunked", "Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n",
            "0\r\n\r\n", "ffffffffffffffff", "HTTP/1.1 200 OK\r\n", "%00", "%2e%2e/", "//", "?", "#", "é", "\u2028", "\u202e", "response.completed", "in_progress",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xc3], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xff], [0xc0, 0xaf], new byte[300], Encoding.UTF8.GetBytes(new string('9', 120)), Encoding.UTF8.GetBytes(new string('k', 300)),
    ];

    private byte[]? _bytes;

    public Sample Sample => samples[of];

    public byte[] Bytes => _bytes ??= Make();

    /// <summary>Any of some samples, with up to five edits.</summary>
    public static Arbitrary<Mutation> Of(Sample[] samples)
    {
        var edit = Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, int.MaxValue), static (where, what) => (where, what));
        var all = Gen.Choose(0, samples.Length - 1)
            .SelectMany(_ => Gen.Choose(0, MostEdits), static (of, count) => (of, count))
            .SelectMany(chosen => edit.ArrayOf(chosen.count), (chosen, edits) => new Mutation(samples, chosen.of, edits));
        return Arb.From(all, mutation => mutation.Smaller());
    }

    /// <summary>What a report needs to make it again by hand.</summary>
    public override string ToString() => $"{Sample}, {edits.Length} edits: {Convert.ToBase64String(Bytes)}{Environment.NewLine}{Encoding.Latin1.GetString(Bytes)}";

    private IEnumerable<Mutation> Smaller()
    {
        for (var without = 0; without < edits.Length; without++)
            yield return new Mutation(samples, of, [.. edits.Where((_, index) => index != without)]);
    }

    private byte[] Make()
    {
        var bytes = Sample.Bytes;
        foreach (var (where, what) in edits) bytes = Edit(bytes, where, what);
        return bytes;
    }

    private byte[] Edit(byte[] bytes, int where, int what)
    {
        if (bytes.Length == 0) return Words[what % Words.Length];
        var at = where % bytes.Length;
        var choice = what / 16;
        var length = Math.Min(1 + (choice % 24), bytes.Length - at);
        ReadOnlySpan<byte> before = bytes.AsSpan(0, at);
        ReadOnlySpan<byte> behind = bytes.AsSpan(at);
        return (what % 16) switch
        {
            0 or 1 => [.. before, (byte)choice, .. behind[1..]],
            2 => [.. before, .. behind[length..]],
            3 => [.. before, .. behind[..length], .. behind],
            4 or 5 => [.. before, .. Words[choice % Words.Length], .. behind],
            6 => [.. before, .. Words[choice % Words.Length], .. behind[length..]],
            7 => [.. before, (byte)('a' + (choice % 26)), .. behind[1..]],
            8 => [.. before, (byte)('0' + (choice % 10)), .. behind[1..]],
            9 => [.. before],
            10 => [.. before, (byte)(behind[0] ^ (1 << (choice % 8))), .. behind[1..]],
            11 => Splice(before, samples[choice % samples.Length].Bytes, choice),
            12 or 13 or 14 => Value(bytes, at, Words[choice % Words.Length]),
            _ => [.. before, .. Enumerable.Repeat(behind[0], choice % 2000), .. behind],
        };
    }

    /// <summary>Its beginning, and the end of another one.</summary>
    private static byte[] Splice(ReadOnlySpan<byte> before, byte[] other, int choice) => [.. before, .. other.AsSpan(other.Length == 0 ? 0 : choice % other.Length)];

    /// <summary>Another value behind the next colon: what is still JSON gets further than what is not.</summary>
    private static byte[] Value(byte[] bytes, int at, byte[] word)
    {
        var colon = Array.IndexOf(bytes, (byte)':', at);
        if (colon < 0) return [.. bytes, .. word];
        var end = bytes.AsSpan(colon).IndexOfAny((byte)',', (byte)'}');
        return end < 0 ? [.. bytes.AsSpan(0, colon + 1), .. word] : [.. bytes.AsSpan(0, colon + 1), .. word, .. bytes.AsSpan(colon + end)];
    }
}
