using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Tokenization;

public sealed class PreTokenizerTests
{
    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("I'll I'LL it'd x'sy", "I|'ll| I|'LL| it|'d| x|'s|y")]
    [InlineData("a  b   c", "a| | b|  | c")]
    [InlineData("12ab", "1|2|ab")]
    [InlineData(" 12", " |1|2")]
    [InlineData("x!!\n\ny", "x|!!\n\n|y")]
    [InlineData("a \n\n b", "a| \n\n| b")]
    [InlineData("tail  ", "tail|  ")]
    [InlineData("\tfoo(bar)", "\tfoo|(bar|)")]
    [InlineData("\n\tx", "\n|\tx")]
    [InlineData("سلام دنیا۔", "سلام| دنیا|۔")]
    [InlineData("𝒳𝓎z", "𝒳𝓎z")]
    [InlineData("🙂🙂 ok", "🙂🙂| ok")]
    [InlineData("e\u0301", "e|\u0301")]
    [InlineData("\u00a0x\u2028", "\u00a0x|\u2028")]
    public void Text_is_cut_where_the_pattern_cuts_it(string text, string expected)
    {
        Assert.Equal(expected, string.Join('|', Pieces(text)));
    }

    [Fact]
    public void The_pieces_of_random_text_make_up_the_text()
    {
        var random = new Random(11);
        string[] alphabet = ["a", "Z", "é", "ہ", "𝒳", "🙂", " ", "  ", "\n", "\r\n", "\t", "'", "'s", "1", "٣", ".", "!", "\u00a0", "\u2003", "\ud800", "\u0301", "<|im_end|>"];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            Assert.Equal(text, string.Concat(Pieces(text)));
        }
    }

    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = PreTokenizer.NextPiece(text.AsSpan(at));
            Assert.InRange(length, 1, text.Length - at);
            pieces.Add(text.Substring(at, length));
            at += length;
        }
        return pieces;
    }
}
