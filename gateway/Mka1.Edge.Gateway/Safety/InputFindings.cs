namespace Mka1.Edge.Gateway.Safety;

/// <summary>What rules found in a request, text by text; texts in which nothing was found are left out.</summary>
internal readonly record struct InputFindings(IReadOnlyList<InputFinding> Texts)
{
    public static readonly InputFindings None = new([]);

    /// <summary>All rules that found something, each as one bit.</summary>
    public ulong All
    {
        get
        {
            var all = 0UL;
            foreach (var text in Texts) all |= text.Rules;
            return all;
        }
    }
}
