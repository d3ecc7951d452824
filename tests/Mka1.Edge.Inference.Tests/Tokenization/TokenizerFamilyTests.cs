using System.Text.Json;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Tokenization;

public sealed class TokenizerFamilyTests
{
    private static readonly string Folder = Path.Combine(DemoModels.Root, "tests", "golden", "tokenizers");
    private static readonly JsonElement Golden = Read("encodings.json");

    public static TheoryData<string> Families => [.. Golden.GetProperty("families").EnumerateObject().Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Encodings_and_texts_are_those_of_the_reference_library(string family)
    {
        var tokenizer = Load(family);
        var expected = Golden.GetProperty("families").GetProperty(family).EnumerateArray().ToArray();
        var texts = Golden.GetProperty("texts").EnumerateArray().Select(Text).ToArray();
        Assert.Equal(texts.Length, expected.Length);
        Assert.True(texts.Length > 200);
        for (var i = 0; i < texts.Length; i++)
        {
            var ids = expected[i].GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var actual = tokenizer.EncodeTrusted(texts[i]);
            Assert.True(ids.SequenceEqual(actual), $"{JsonSerializer.Serialize(texts[i])}: expected [{string.Join(',', ids)}], got [{string.Join(',', actual)}]");

            // Where the two part on purpose: tags of calls are no text here, and an added "café" is not read as bytes.
            if (!ids.Any(id => tokenizer.Added.Any(token => token.Id == id && !token.IsSpecial)))
                Assert.Equal(expected[i].GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Control_tokens_that_a_caller_spells_stay_text(string family)
    {
        var tokenizer = Load(family);
        foreach (var token in tokenizer.Added.Where(token => token.IsMarkup && token.Content != "<unk>"))
        {
            var ids = tokenizer.Encode($"a{token.Content}b {token.Content}");
            Assert.DoesNotContain(token.Id, ids);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_hundred_thousand_letters_in_a_row_are_encoded_in_the_time_they_deserve(string family)
    {
        // Quadratic merging would take minutes here.
        var tokenizer = Load(family);
        foreach (var text in new[] { new string('a', 100_000), new string(' ', 100_000), new string('ہ', 100_000), new string('\ud800', 100_000), new string('e', 50_000) + new string('\u0301', 50_000) })
            Assert.NotEmpty(tokenizer.Encode(text));
    }

    [Fact]
    public void The_pattern_gives_the_pieces_that_the_scanner_for_it_gives()
    {
        var pattern = new PatternSplit(SplitPattern.Compile(PreTokenizer.Pattern), SplitBehavior.Isolated, invert: false);
        var random = new Random(5);
        string[] alphabet = ["a", "Z", "é", "ہ", "𝒳", "🙂", " ", "  ", "\n", "\r\n", "\t", "'", "'s", "'LL", "\u017f", "1", "٣", "𝟙", ".", "!", "\u00a0", "\u2003", "\ud800", "\udc00", "\u0301", "\u180e", "\u0085", "𐐷", "\U000E0001", "\U00016FF0"];
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + random.Next(20)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            Assert.Equal(Pieces(new QwenSplit(), text), Pieces(pattern, text));
        }
    }

    [Theory]
    [InlineData(@"\w+")]
    [InlineData(@"\bx")]
    [InlineData(@"^a")]
    [InlineData(@"a$")]
    [InlineData(@"[a[b]]")]
    [InlineData(@"[a-z&&[^b]]")]
    [InlineData(@"\p{Han}")]
    [InlineData(@"\p{L}++")]
    [InlineData(@"\x{20000}")]
    [InlineData("𝒳")]
    [InlineData("(")]
    public void A_pattern_that_may_mean_something_else_here_is_refused(string pattern)
    {
        Assert.ThrowsAny<ArgumentException>(() => SplitPattern.Compile(pattern));
    }

    private static string[] Pieces(SplitStep step, string text)
    {
        var pieces = new List<ReadOnlyMemory<char>>();
        step.Split(text.AsMemory(), isStart: true, pieces);
        return [.. pieces.Select(piece => piece.ToString())];
    }

    private static Tokenizer Load(string family)
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(Folder, family + ".json"), folder.File("tokenizer.json"));
        File.WriteAllText(folder.File("tokenizer_config.json"), "{}");
        File.WriteAllText(folder.File("generation_config.json"), """{"eos_token_id":0}""");
        return Tokenizer.Load(folder.Path);
    }

    private static string Text(JsonElement text) =>
        text.ValueKind == JsonValueKind.String ? text.GetString()! : new string([.. text.EnumerateArray().Select(unit => (char)unit.GetInt32())]);

    private static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));
        return document.RootElement.Clone();
    }
}
