namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>What a word or a pair of words says about a request, whatever its language.</summary>
[Flags]
internal enum WordClasses : ushort
{
    None = 0,
    Negation = 1,
    Quantifier = 1 << 1,
    Logic = 1 << 2,
    Comparison = 1 << 3,

    /// <summary>Asks for a fact: who, when, where.</summary>
    Fact = 1 << 4,

    /// <summary>Asks for a reason: why, how.</summary>
    Reason = 1 << 5,
    Arithmetic = 1 << 6,
    Code = 1 << 7,
    Person = 1 << 8,

    /// <summary>A small change to a text that is there: summarize, translate.</summary>
    Simple = 1 << 9,

    /// <summary>Work of several steps: analyze, compare, prove.</summary>
    Hard = 1 << 10,
    English = 1 << 11,
    Portuguese = 1 << 12,

    /// <summary>Urdu in Latin letters; in its own letters the script says so.</summary>
    RomanUrdu = 1 << 13,
}
