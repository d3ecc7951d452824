namespace Mka1.Edge.Policies.Quota;

/// <summary>How much one key may ask for.</summary>
/// <param name="Requests">Request windows, all of which must have room; empty means unlimited.</param>
/// <param name="Concurrency">Requests in flight at once; null means unlimited.</param>
public sealed record QuotaLimits(IReadOnlyList<RequestWindow> Requests, int? Concurrency);
