using System.Text.RegularExpressions;

namespace Mka1.Edge.Policies.Safety;

/// <summary>Something to look for in what goes to a model. Looking takes time linear in the text, whatever the text.</summary>
/// <param name="id">The rule's name, fit for logs and the audit.</param>
/// <param name="weight">What a request in which it is found adds to the score.</param>
/// <param name="action">What else becomes of that request.</param>
/// <param name="pattern">A regular expression made with <see cref="RegexOptions.NonBacktracking"/>; null for none.</param>
/// <param name="terms">Terms; null for none.</param>
public sealed class SafetyRule(string id, double weight, SafetyRuleAction action, Regex? pattern, TermSet? terms)
{
    /// <summary>The rule's name.</summary>
    public string Id { get; } = id;

    /// <summary>What a request in which it is found adds to the score.</summary>
    public double Weight { get; } = weight;

    /// <summary>What else becomes of that request.</summary>
    public SafetyRuleAction Action { get; } = action;

    /// <summary>Makes a rule's regular expression.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs what cannot be matched in linear time.</exception>
    public static Regex Compile(string pattern, bool ignoreCase) => new(
        pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    /// <summary>Whether <paramref name="text"/> holds what the rule looks for.</summary>
    public bool FoundIn(ReadOnlySpan<char> text) => terms?.FoundIn(text) == true || pattern?.IsMatch(text) == true;
}
