namespace Mka1.Edge.Policies.Quota;

/// <summary>Asks for a share of several counters at once: of all of them, or of none.</summary>
/// <param name="Id">Under which the share is settled. A second request with the same id adds to the share.</param>
/// <param name="Charges">What is asked of each counter.</param>
/// <param name="Units">Units wanted at most.</param>
/// <param name="MinimumUnits">Units without which nothing is taken.</param>
/// <param name="Lease">For how long the share is held without a renewal. What is not settled by then comes free. Zero: taken for good, there is nothing to settle.</param>
public sealed record QuotaRequest(string Id, IReadOnlyList<QuotaCharge> Charges, long Units, long MinimumUnits, TimeSpan Lease);
