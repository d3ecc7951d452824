using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Stores.Runs;

/// <summary>A run that a replica has taken up.</summary>
/// <param name="Response">Its response.</param>
/// <param name="Run">What was noted when it began.</param>
/// <param name="Fence">Fencing token: whoever takes a run up gets a higher one, and writes under a lower one change nothing.</param>
/// <param name="Emitted">Whether output may have been seen; such a run must not be run again.</param>
public sealed record StoredRun(StoredResponse Response, NewRun Run, int Fence, bool Emitted);
