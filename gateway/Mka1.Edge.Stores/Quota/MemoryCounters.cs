using System.Numerics;

namespace Mka1.Edge.Stores.Quota;

/// <summary>Counters in memory, under locks that each guard a part of them. Those that count nothing any more are dropped now and then.</summary>
/// <param name="capacity">How many there may be. Beyond that those are forgotten that would be empty soonest.</param>
internal sealed class MemoryCounters(int capacity)
{
    // As many as a mask has bits.
    private const int Parts = 64;

    /// <summary>A part is swept when it has doubled since it was swept last, so that sweeping costs each counter little.</summary>
    private const int FirstSweep = 64;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part(Math.Max(1, capacity / Parts)))];
    private long _forgotten;

    public int Count => _parts.Sum(part => part.Counters.Count);

    /// <summary>How many were forgotten although they still counted something.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    public static ulong MaskOf(string name) => 1UL << (int)((uint)string.GetHashCode(name, StringComparison.Ordinal) % Parts);

    /// <summary>Locks all parts in a mask, always in the same order.</summary>
    public void Enter(ulong mask)
    {
        for (; mask != 0; mask &= mask - 1) _parts[BitOperations.TrailingZeroCount(mask)].Gate.Enter();
    }

    public void Exit(ulong mask)
    {
        for (; mask != 0; mask &= mask - 1) _parts[BitOperations.TrailingZeroCount(mask)].Gate.Exit();
    }

    /// <summary>The counter, if it counts anything. Its part is locked.</summary>
    public MemoryCounter? Find(string name) => PartOf(name).Counters.GetValueOrDefault(name);

    /// <summary>The counter, new if need be. Its part is locked.</summary>
    public MemoryCounter FindOrAdd(string name, TimeSpan? window, long now)
    {
        var part = PartOf(name);
        if (part.Counters.TryGetValue(name, out var counter)) return counter;
        if (part.Counters.Count >= part.SweepAt) Sweep(part, now);
        return part.Counters[name] = new MemoryCounter(window);
    }

    private Part PartOf(string name) => _parts[BitOperations.TrailingZeroCount(MaskOf(name))];

    private void Sweep(Part part, long now)
    {
        foreach (var (name, counter) in part.Counters)
        {
            if (counter.EmptyAt(now) <= now) part.Counters.Remove(name);
        }

        if (part.Counters.Count >= part.Capacity)
        {
            // Requests in flight are never forgotten; there are only as many as there are requests.
            var soonest = part.Counters
                .Select(pair => (pair.Key, EmptyAt: pair.Value.EmptyAt(now)))
                .Where(counter => counter.EmptyAt < long.MaxValue)
                .OrderBy(counter => counter.EmptyAt)
                .Take(Math.Max(1, part.Capacity / 4))
                .ToList();
            foreach (var (name, _) in soonest) part.Counters.Remove(name);
            Interlocked.Add(ref _forgotten, soonest.Count);
        }

        part.SweepAt = Math.Min(part.Capacity, Math.Max(FirstSweep, part.Counters.Count * 2));
    }

    private sealed class Part(int capacity)
    {
        public Lock Gate { get; } = new();

        public int Capacity { get; } = capacity;

        public int SweepAt { get; set; } = Math.Min(capacity, FirstSweep);

        public Dictionary<string, MemoryCounter> Counters { get; } = new(StringComparer.Ordinal);
    }
}
