using System.Text.RegularExpressions;

namespace Mka1.Edge.Responses;

/// <summary>The placeholders of a prompt template: <c>{{name}}</c>, with letters, digits, <c>_</c>, <c>-</c> and <c>.</c> in the name.</summary>
public static partial class PromptPlaceholders
{
    /// <summary>The names in a template, each once, in the order of their first appearance.</summary>
    public static IReadOnlyList<string> Names(string template) =>
        [.. Placeholder.Matches(template).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];

    /// <summary>Every placeholder from the first to the last: where it stands, braces included, and its name.</summary>
    public static IEnumerable<(Range Place, string Name)> Find(string template) =>
        Placeholder.Matches(template).Select(match => (match.Index..(match.Index + match.Length), match.Groups[1].Value));

    [GeneratedRegex(@"\{\{\s*([\p{L}\p{M}\p{N}_.-]+)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder { get; }
}
