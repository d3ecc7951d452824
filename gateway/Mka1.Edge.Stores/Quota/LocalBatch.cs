using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>What was granted while Redis was away, and the name under which Redis takes it in once.</summary>
/// <param name="Granted">What Redis takes in.</param>
/// <param name="Name">Its name.</param>
/// <param name="Take">The take that Redis was asked for and may have made; null when it was never asked.</param>
internal sealed record LocalBatch(QuotaRequest Granted, string Name, TakeName? Take = null);
