namespace Mka1.Edge.Policies.Safety;

/// <summary>Rungs by the names that the API and the configuration use.</summary>
public static class SafetyRungs
{
    private static readonly string[] Names = ["allow", "warn", "slow", "review", "block"];

    /// <summary>The name of a rung.</summary>
    public static string Name(this SafetyRung rung) => Names[(int)rung];

    /// <summary>The rung of a name. False for anything else.</summary>
    public static bool TryParse(string? name, out SafetyRung rung)
    {
        var index = Array.IndexOf(Names, name);
        rung = index < 0 ? SafetyRung.Allow : (SafetyRung)index;
        return index >= 0;
    }
}
