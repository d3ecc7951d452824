namespace Mka1.Edge.Inference.Tokenization;

/// <summary>
/// The printable stand-ins that byte-level BPE files use for bytes: printable Latin-1 stands for itself, every other byte
/// for a character from U+0100 on. Source: <c>bytes_to_unicode</c> of GPT-2.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] ToChar = Build();
    private static readonly Dictionary<char, byte> ToByte = Enumerable.Range(0, 256).ToDictionary(b => ToChar[b], b => (byte)b);

    public static char CharOf(byte value) => ToChar[value];

    /// <summary>The bytes of a vocabulary entry, or null when it holds a character outside the alphabet.</summary>
    public static byte[]? Decode(string entry)
    {
        var bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
        {
            if (!ToByte.TryGetValue(entry[i], out bytes[i]))
                return null;
        }
        return bytes;
    }

    private static char[] Build()
    {
        var chars = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[b] = (char)(printable ? b : next++);
        }
        return chars;
    }
}
