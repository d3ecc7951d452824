namespace Mka1.Edge.Policies.Quota;

/// <summary>How much somebody may ask for.</summary>
/// <param name="Windows">All of them must have room; empty means unlimited.</param>
/// <param name="Concurrency">Requests in flight at once; null means unlimited.</param>
public sealed record QuotaLimits(IReadOnlyList<WindowLimit> Windows, int? Concurrency)
{
    public static readonly QuotaLimits None = new([], null);

    /// <summary>Whether nothing is limited.</summary>
    public bool IsEmpty => Windows.Count == 0 && Concurrency is null;
}
