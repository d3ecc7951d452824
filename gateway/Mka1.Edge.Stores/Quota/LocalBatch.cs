using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>What was granted while Redis was away, and the name under which Redis takes it in once.</summary>
internal sealed record LocalBatch(string Name, QuotaRequest Granted);
