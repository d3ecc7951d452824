using System.Text.RegularExpressions;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>The places for ids in a request: names in braces, which JSON never has right behind one.</summary>
public static partial class Placeholders
{
    /// <summary>What the names of the caller's own objects begin with.</summary>
    public const string Own = "own.";

    public static IEnumerable<string> In(string template) => Pattern().Matches(template).Select(match => match.Groups[1].Value);

    public static string Fill(string template, Func<string, string> value) => Pattern().Replace(template, match => value(match.Groups[1].Value));

    [GeneratedRegex(@"\{([a-zA-Z.]+)\}")]
    private static partial Regex Pattern();
}
