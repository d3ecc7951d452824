using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Constraints.Patterns;

namespace Mka1.Edge.Inference.Tests.Constraints;

/// <summary>Patterns against the regular expressions of .NET, on strings of letters that the patterns speak of.</summary>
public sealed class PatternTests
{
    private static readonly string[] Quantifiers = ["*", "+", "?", "{2}", "{1,2}", "*?"];

    public static TheoryData<string> Patterns =>
    [
        "", "a", "^a", "a$", "^a$", "^$", "^a|b$", "^(a|b)$", "(^a|b$)", "a^b", "a$b", "^(?:ab)+$", "^a*b$", "^a+?b$", "^a{2}$", "^a{1,2}b{0}$", "^a{2,}$", "a{,2}", "x{", "^[ab]+$",
        "^[^ab]$", "^[^ab]+$", @"^\d+$", @"^\D$", @"^\w+$", @"^\W$", @"^\s$", @"^\S+$", "^.$", "^.{2,3}$", @"^[\w-]+$", @"^[a\-b]$", @"^[\d\s]$", "^[a-]$", "[]a", "^[^]$", @"^\$1\.$",
        @"^""$", @"\\", @"^[""\\]+$", @"^\n$", @"^[\t\n]$", @"^\x61$", @"^\u0061\u00e9?$", "^é$", @"^\/$", "^(?<name>a)b$", "^(a(b|c)?)*$", "(a|ab)(c|bcd)$", @"^س+$", @"^[ا-ي]+$", "^(|a)$", "^(a*)*$", "^(a|b)?-1$",
        @"^\p{L}+$", @"^\P{L}$", @"^[\p{Lu}\d]+$", "^(?:a|b){1,2}c?$", "^[a-c1-3]{2}$", "b(?:a|$)", "(?:^|b)a", "^a.c$", @"\.", @"[.]", @"^-?\d{1,2}(\.\d)?$", @"^\ca?$", @"\0", @"^[\b]$", @"^\v|\f$",
    ];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_string_is_allowed_if_and_only_if_the_pattern_is_found_in_it(string pattern)
    {
        var oracle = Oracle(pattern);
        var automaton = TryCompile(pattern);
        var texts = Texts().ToList();
        if (automaton is null)
        {
            Assert.DoesNotContain(texts, oracle.IsMatch);
            return;
        }
        foreach (var text in texts)
            Assert.True(oracle.IsMatch(text) == Reads(automaton, text), $"/{pattern}/ on {JsonSerializer.Serialize(text)}: {!oracle.IsMatch(text)} here");
    }

    [Fact]
    public void A_random_pattern_reads_what_the_runtime_reads()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var pattern = Draw(random, 3);
            var oracle = Oracle(pattern);
            var automaton = TryCompile(pattern);
            foreach (var text in Texts())
                Assert.True(oracle.IsMatch(text) == (automaton is not null && Reads(automaton, text)), $"seed {seed}: /{pattern}/ on {JsonSerializer.Serialize(text)}");
        }
    }

    [Theory]
    [InlineData("^.$", "🙂", true)]
    [InlineData("^.$", "🙂🙂", false)]
    [InlineData(@"^\ud83d\ude42$", "🙂", true)]
    [InlineData(@"^\u{1F642}$", "🙂", true)]
    [InlineData("^[😀-🙏]$", "🙂", true)]
    [InlineData("^[^🙂]$", "🙂", false)]
    [InlineData(@"^\p{L}$", "𐐀", true)]
    [InlineData(@"^\s$", "\u2028", true)]
    [InlineData(@"^[\S]$", "\ufeff", false)]
    [InlineData("^.$", "\u2028", false)]
    public void A_code_point_is_one_character(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Reads(PatternCompiler.Compile(pattern, 0, int.MaxValue, 10_000), text));

    [Theory]
    [InlineData("^a*$", 2, 3)]
    [InlineData("b", 0, 2)]
    [InlineData("a|é", 3, int.MaxValue)]
    [InlineData(".", 1, 1)]
    public void Length_and_pattern_hold_together(string pattern, int min, int max)
    {
        var oracle = Oracle(pattern);
        var automaton = PatternCompiler.Compile(pattern, min, max, 10_000);
        foreach (var text in Texts())
            Assert.Equal(oracle.IsMatch(text) && text.Length >= min && text.Length <= max, Reads(automaton, text));
    }

    [Fact]
    public void The_shortest_end_is_exact()
    {
        var automaton = PatternCompiler.Compile("^ab?c{3}é$", 0, int.MaxValue, 10_000);
        Assert.Equal("\"acccé\"".Length + 1, automaton.MinRemaining(0));
        Assert.Equal(2 + 5, PatternCompiler.Compile("a", 5, 9, 10_000).MinRemaining(0));
        Assert.Equal(2 + 6, PatternCompiler.Compile(@"^\u0001$", 0, 1, 10_000).MinRemaining(0));
    }

    [Theory]
    [InlineData(@"(a)\1", @"backreference '\1'")]
    [InlineData(@"(?<n>a)\k<n>", @"backreference '\k'")]
    [InlineData("(?=a)", "lookahead '(?='")]
    [InlineData("(?!a)", "lookahead '(?!'")]
    [InlineData("(?<=a)", "lookbehind '(?<='")]
    [InlineData("(?<!a)", "lookbehind '(?<!'")]
    [InlineData(@"\ba", @"word boundary '\b'")]
    [InlineData(@"a\B", @"word boundary '\B'")]
    [InlineData("(?i)a", "group '(?i'")]
    [InlineData(@"\p{Script=Latin}", "property")]
    [InlineData(@"\a", @"escape '\a'")]
    [InlineData("a**", "nothing to repeat")]
    [InlineData("{2}", "nothing to repeat")]
    [InlineData("^*", "anchor")]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "unmatched")]
    [InlineData("[a", "ends")]
    [InlineData("[b-a]", "out of order")]
    [InlineData("a{3,2}", "out of order")]
    [InlineData(@"\ud800", "surrogate")]
    [InlineData("a^b", "nothing matches")]
    [InlineData("a.{400}", "states")]
    [InlineData("(a|b)*a(a|b){20}", "it ")]
    [InlineData("((a{1000}){1000}){1000}", "states")]
    [InlineData("((((){9999}){9999}){9999}){9999}", "unfold")]
    public void What_cannot_be_followed_is_named(string pattern, string named)
    {
        var schema = JsonSerializer.SerializeToElement(new { type = "string", pattern });
        var error = Assert.Throws<UnsupportedSchemaException>(() => JsonGrammar.FromSchema(schema));
        Assert.Equal("#/pattern", error.KeywordPath);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(pattern, error.Message, StringComparison.Ordinal);
    }

    private static ByteAutomaton? TryCompile(string pattern)
    {
        try
        {
            return PatternCompiler.Compile(pattern, 0, int.MaxValue, 10_000);
        }
        catch (PatternException e) when (e.Message.Contains("nothing matches", StringComparison.Ordinal))
        {
            return null;
        }
    }

    // "$" of .NET also stands before a last line feed, its "." takes "\r", and its "\w" and "\d" know more than ASCII unless told otherwise.
    private static Regex Oracle(string pattern)
    {
        var translated = Regex.Replace(pattern, @"\\.|\[\^?\](?!\])|\[(?:\\.|[^\]\\])*\]|\$|\.", match => match.Value switch
        {
            "$" => @"\z",
            "." => @"[^\n\r\u2028\u2029]",
            "[]" => "(?!)",
            "[^]" => @"[\s\S]",
            @"\0" => @"\x00",
            _ => match.Value,
        });
        var unicode = pattern.Contains(@"\p", StringComparison.OrdinalIgnoreCase);
        return new Regex(translated, unicode ? RegexOptions.None : RegexOptions.ECMAScript);
    }

    private static IEnumerable<string> Texts()
    {
        const string Letters = "ab1- é\"\n";
        yield return "";
        foreach (var a in Letters)
        {
            yield return $"{a}";
            foreach (var b in Letters)
            {
                yield return $"{a}{b}";
                foreach (var c in "abc1é\\")
                    yield return $"{a}{b}{c}";
            }
        }
        foreach (var text in new[] { "abab", "aabb", "aaab", "ababcd", "abcd", "acb", "12.5", "-3", "$1.", "سلام", "س", "x{", "a{,2}", "\t", "\u0001", "\0", "\b", "\f", "\v", "/", "A1", "É", "\r", "a\nb", "-1", "a-1" })
            yield return text;
    }

    private static string Draw(Random random, int depth)
    {
        string[] atoms = ["a", "b", "[ab]", "[^a]", ".", @"\d", @"\w", "é", "1", "-", @"\s", @""""];
        return random.Next(depth > 0 ? 9 : 3) switch
        {
            3 or 4 => Draw(random, depth - 1) + Draw(random, depth - 1),
            5 => $"(?:{Draw(random, depth - 1)}|{Draw(random, depth - 1)})",
            6 => $"({Draw(random, depth - 1)}){Quantifiers[random.Next(Quantifiers.Length)]}",
            7 => "^" + Draw(random, depth - 1),
            8 => Draw(random, depth - 1) + "$",
            _ => atoms[random.Next(atoms.Length)],
        };
    }

    private static bool Reads(ByteAutomaton automaton, string text)
    {
        var state = 0;
        foreach (var value in Spell(text))
        {
            state = automaton.Next(state, value);
            if (state < 0)
                return false;
        }
        return automaton.IsClosed(state);
    }

    // As the automaton writes it: the shortest escape where one is needed, and none elsewhere.
    private static byte[] Spell(string text)
    {
        var spelled = new StringBuilder("\"");
        foreach (var letter in text)
        {
            spelled.Append(letter switch
            {
                '"' or '\\' => $"\\{letter}",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => $"\\u{(int)letter:x4}",
                _ => $"{letter}",
            });
        }
        return Encoding.UTF8.GetBytes(spelled.Append('"').ToString());
    }
}
