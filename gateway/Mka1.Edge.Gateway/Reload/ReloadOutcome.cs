namespace Mka1.Edge.Gateway.Reload;

/// <summary>What became of a configuration that was to be put into use.</summary>
internal abstract record ReloadOutcome
{
    private ReloadOutcome()
    {
    }

    /// <summary>It is in use.</summary>
    /// <param name="Changes">What it changes, in words.</param>
    public sealed record Applied(IReadOnlyList<string> Changes) : ReloadOutcome;

    /// <summary>It is the one in use already.</summary>
    public sealed record Unchanged : ReloadOutcome;

    /// <summary>It cannot be used; the one before stays.</summary>
    /// <param name="Faults">All that is wrong with it.</param>
    public sealed record Refused(IReadOnlyList<string> Faults) : ReloadOutcome;

    /// <summary>There is none.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Impossible(string Reason) : ReloadOutcome;
}
