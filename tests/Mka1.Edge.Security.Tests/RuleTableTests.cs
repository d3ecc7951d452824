using System.Text.RegularExpressions;

namespace Mka1.Edge.Security.Tests;

/// <summary>The table in the README is whole: each rule has its line, and each line a file that is there.</summary>
public sealed partial class RuleTableTests
{
    private static readonly string[] Rules =
    [
        .. Numbered("B", 3), .. Numbered("J", 3), .. Numbered("H", 3), .. Numbered("S", 7), .. Numbered("W", 15), .. Numbered("K", 7), .. Numbered("I", 8), .. Numbered("Q", 1), .. Numbered("L", 2),
    ];

    private static List<(string Rule, string Path)> Lines =>
        [.. Line().Matches(RepositoryFile.Read("tests/Mka1.Edge.Security.Tests/README.md")).Select(line => (line.Groups["rule"].Value, line.Groups["path"].Value))];

    [Fact]
    public void Every_rule_has_one_line() => Assert.Equal(Rules.Order(StringComparer.Ordinal), Lines.Select(line => line.Rule).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_line_names_a_file_that_is_there() => Assert.All(Lines, line => Assert.NotEmpty(RepositoryFile.Read(line.Path)));

    private static IEnumerable<string> Numbered(string letter, int last) => Enumerable.Range(1, last).Select(number => $"{letter}{number}");

    [GeneratedRegex(@"^\| (?<rule>[A-Z]\d+) \|[^|]*\| `(?<path>[^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
