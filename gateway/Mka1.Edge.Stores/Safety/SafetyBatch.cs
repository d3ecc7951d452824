namespace Mka1.Edge.Stores.Safety;

/// <summary>Changes that are made together, once, however often they are sent.</summary>
/// <param name="Source">Who sends it: a name of its own for each process.</param>
/// <param name="Number">Grows with each new batch of a source; the same number again is the same batch again.</param>
/// <param name="Deltas">What was seen; each subject once.</param>
/// <param name="Orders">What operators want.</param>
public sealed record SafetyBatch(string Source, long Number, IReadOnlyList<SafetyDelta> Deltas, IReadOnlyList<SafetyOrder> Orders)
{
    /// <summary>A batch of one operator's order.</summary>
    public static SafetyBatch Of(SafetyOrder order) => new(Guid.NewGuid().ToString("N"), 1, [], [order]);
}
