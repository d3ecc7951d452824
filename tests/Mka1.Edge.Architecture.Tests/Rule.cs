namespace Mka1.Edge.Architecture.Tests;

/// <summary>Fails a test with every violation found, one a line.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations)
    {
        var all = violations.ToList();
        if (all.Count > 0) Assert.Fail(string.Join(Environment.NewLine, all));
    }
}
