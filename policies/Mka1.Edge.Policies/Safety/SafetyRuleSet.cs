namespace Mka1.Edge.Policies.Safety;

/// <summary>All rules, and how much of a request they look at.</summary>
/// <param name="rules">The rules; at most <see cref="MaxRules"/>.</param>
/// <param name="maxCharacters">Characters of a request that are looked at: its last ones.</param>
public sealed class SafetyRuleSet(IReadOnlyList<SafetyRule> rules, int maxCharacters)
{
    /// <summary>What is found is kept as one bit a rule.</summary>
    public const int MaxRules = 64;

    /// <summary>The rules.</summary>
    public IReadOnlyList<SafetyRule> Rules => rules;

    /// <summary>Characters of a request that are looked at.</summary>
    public int MaxCharacters => maxCharacters;

    /// <summary>The rules whose object stands in <paramref name="text"/>, as bits.</summary>
    public ulong FindIn(ReadOnlySpan<char> text)
    {
        var found = 0UL;
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].FoundIn(text)) found |= 1UL << i;
        }

        return found;
    }

    /// <summary>The rules that the bits stand for.</summary>
    public IEnumerable<SafetyRule> Of(ulong found)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if ((found & (1UL << i)) != 0) yield return rules[i];
        }
    }
}
