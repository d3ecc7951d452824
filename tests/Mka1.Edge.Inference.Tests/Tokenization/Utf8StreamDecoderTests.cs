using System.Text;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Tokenization;

public sealed class Utf8StreamDecoderTests
{
    [Fact]
    public void Any_cutting_of_the_bytes_gives_the_same_text_in_whole_code_points()
    {
        var random = new Random(5);
        var bytes = Encoding.UTF8.GetBytes("Grüße, سلام دنیا۔ 𝒳 🙂👨‍👩‍👧 漢字 \u0000 end");
        for (var i = 0; i < 500; i++)
            Assert.Equal(Encoding.UTF8.GetString(bytes), Decode(bytes, random));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_become_replacement_characters()
    {
        var random = new Random(6);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(1, 24)];
            random.NextBytes(bytes);
            Assert.Equal(Encoding.UTF8.GetString(bytes), Decode(bytes, random));
        }
    }

    [Fact]
    public void A_code_point_appears_with_its_last_byte()
    {
        var decoder = new Utf8StreamDecoder();
        var smile = Encoding.UTF8.GetBytes("🙂");
        Assert.Equal("", decoder.Append(smile.AsSpan(0, 1)));
        Assert.Equal("", decoder.Append(smile.AsSpan(1, 2)));
        Assert.Equal("🙂", decoder.Append(smile.AsSpan(3, 1)));
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void An_unfinished_code_point_is_flushed_as_one_replacement_character()
    {
        var decoder = new Utf8StreamDecoder();
        Assert.Equal("a", decoder.Append([(byte)'a', 0xF0, 0x9F]));
        Assert.Equal("\ufffd", decoder.Flush());
        Assert.Equal("b", decoder.Append("b"u8));
    }

    private static string Decode(byte[] bytes, Random random)
    {
        var decoder = new Utf8StreamDecoder();
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length;)
        {
            var length = random.Next(0, Math.Min(5, bytes.Length - at) + 1);
            var piece = decoder.Append(bytes.AsSpan(at, length));
            AssertWhole(piece);
            text.Append(piece);
            at += length;
        }
        var rest = decoder.Flush();
        AssertWhole(rest);
        return text.Append(rest).ToString();
    }

    private static void AssertWhole(string piece)
    {
        // Throws on a lone surrogate.
        Assert.NotNull(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(piece));
    }
}
