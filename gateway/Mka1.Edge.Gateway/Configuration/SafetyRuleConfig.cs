using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>One rule: an expression, terms, or both.</summary>
public sealed record SafetyRuleConfig
{
    /// <summary>Its name, for the audit: 1–64 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>A regular expression of at most 1,000 characters, without what needs backtracking: no back references, no look-around.</summary>
    public string? Pattern { get; init; }

    /// <summary>Terms of at most 200 characters; at most 10,000 of them.</summary>
    public IReadOnlyList<string> Terms { get; init; } = [];

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; } = true;

    /// <summary>Whether a term counts only where no letter or digit stands beside it.</summary>
    public bool WholeWords { get; init; } = true;

    /// <summary>What a request adds to its subject's score when the rule finds something in it (0–1,000,000).</summary>
    public double Weight { get; init; } = 5;

    /// <summary>What else becomes of that request: nothing (<c>score</c>) or a refusal (<c>refuse</c>).</summary>
    public SafetyRuleAction Action { get; init; } = SafetyRuleAction.Score;
}
