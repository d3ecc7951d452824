using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>What one request holds of which counters. Locked by whoever reads or changes it.</summary>
internal sealed class MemoryShare
{
    private readonly Dictionary<string, Part> _parts = new(StringComparer.Ordinal);

    /// <summary>Under which names it holds something.</summary>
    public IEnumerable<string> Counters => _parts.Keys;

    public long LeaseEnd { get; set; }

    /// <summary>It has been settled: nothing more may be added.</summary>
    public bool IsClosed { get; set; }

    /// <summary>It was settled for its holder, who may still say more until the lease ends.</summary>
    public bool IsReclaimed { get; set; }

    public void Add(QuotaCounter counter, long bucket, long amount)
    {
        if (!_parts.TryGetValue(counter.Name, out var part)) _parts[counter.Name] = part = new Part(counter, []);
        var taken = part.Taken;
        if (taken.Count > 0 && taken[^1].Bucket == bucket) taken[^1] = (bucket, taken[^1].Amount + amount);
        else taken.Add((bucket, amount));
    }

    /// <summary>Whether it holds a slot of a counter.</summary>
    public bool HoldsSlot(string counter) => _parts[counter].Counter.Window is null;

    public QuotaCounter Counter(string name) => _parts[name].Counter;

    /// <summary>
    /// Puts a counter's true use in the place of what was taken: the earliest was used first, and what goes beyond it all counts
    /// where the last was taken.
    /// </summary>
    public void Settle(string counter, long used, SlidingWindow window)
    {
        var taken = _parts[counter].Taken;
        for (var i = 0; i < taken.Count; i++)
        {
            var kept = i == taken.Count - 1 ? used : Math.Min(used, taken[i].Amount);
            window.Correct(taken[i].Bucket, kept - taken[i].Amount);
            taken[i] = (taken[i].Bucket, kept);
            used -= kept;
        }
    }

    private sealed record Part(QuotaCounter Counter, List<(long Bucket, long Amount)> Taken);
}
