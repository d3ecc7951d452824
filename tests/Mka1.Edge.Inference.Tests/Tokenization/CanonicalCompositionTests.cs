using System.Text.Json;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization.Unicode;

namespace Mka1.Edge.Inference.Tests.Tokenization;

public sealed class CanonicalCompositionTests
{
    [Fact]
    public void Text_is_composed_as_Unicode_says()
    {
        using var samples = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DemoModels.Root, "tests", "golden", "tokenizers", "nfc.json")));
        var count = 0;
        foreach (var sample in samples.RootElement.EnumerateArray())
        {
            Assert.Equal(Spell(sample[1].GetString()!), Spell(CanonicalComposition.Compose(sample[0].GetString()!)));
            count++;
        }
        Assert.Equal(600, count);
    }

    [Fact]
    public void A_long_run_of_marks_is_put_in_order_in_the_time_it_deserves()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0316\u0301", 50_000));
        Assert.Equal("\u00e1" + new string('\u0316', 50_000) + new string('\u0301', 49_999), CanonicalComposition.Compose("a" + marks));
    }

    private static string Spell(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", System.Globalization.CultureInfo.InvariantCulture)));
}
