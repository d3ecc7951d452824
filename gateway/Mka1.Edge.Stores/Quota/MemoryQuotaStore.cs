using System.Collections.Concurrent;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>Quota counters of this process alone. They decide as those in Redis do, reading by reading.</summary>
public sealed class MemoryQuotaStore : IQuotaStore
{
    /// <summary>How many counters there may be when nobody says otherwise: a few for each of 100,000 end users.</summary>
    public const int DefaultCapacity = 1_000_000;

    private const long ReclaimedPatience = 600_000;

    private readonly MemoryCounters _counters;
    private readonly ConcurrentDictionary<string, MemoryShare> _shares = new(StringComparer.Ordinal);
    private readonly Func<long> _now;

    /// <param name="clock">The clock. Its timestamps count, so that a change of the time of day changes nothing.</param>
    /// <param name="capacity">How many counters there may be. Beyond that those are forgotten whose windows would be empty soonest.</param>
    public MemoryQuotaStore(TimeProvider clock, int capacity = DefaultCapacity)
        : this(Milliseconds(clock), capacity)
    {
    }

    /// <param name="now">Milliseconds since some moment.</param>
    /// <param name="capacity">How many counters there may be.</param>
    internal MemoryQuotaStore(Func<long> now, int capacity = DefaultCapacity)
    {
        _now = now;
        _counters = new MemoryCounters(capacity);
    }

    /// <summary>How many counters there are.</summary>
    public int Counters => _counters.Count;

    /// <summary>How many counters were forgotten for want of room although they still counted something.</summary>
    public long Forgotten => _counters.Forgotten;

    /// <summary>How many shares are held.</summary>
    public int Shares => _shares.Count;

    public ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, CancellationToken cancellation = default)
    {
        QuotaFit.Check(request);
        cancellation.ThrowIfCancellationRequested();
        var mask = 0UL;
        foreach (var charge in request.Charges) mask |= MemoryCounters.MaskOf(charge.Counter.Name);
        _counters.Enter(mask);
        try
        {
            return ValueTask.FromResult(Take(request, _now()));
        }
        finally
        {
            _counters.Exit(mask);
        }
    }

    public ValueTask SettleAsync(string id, QuotaUsage usage, CancellationToken cancellation = default)
    {
        if (!_shares.TryRemove(id, out var share)) return ValueTask.CompletedTask;
        lock (share) share.IsClosed = true;
        SettleAll(share, id, usage);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReclaimAsync(string id, QuotaUsage usage, CancellationToken cancellation = default)
    {
        if (!_shares.TryGetValue(id, out var share)) return ValueTask.CompletedTask;
        lock (share) (share.IsReclaimed, share.LeaseEnd) = (true, _now() + ReclaimedPatience);
        SettleAll(share, id, usage);
        return ValueTask.CompletedTask;
    }

    public ValueTask RenewAsync(IReadOnlyCollection<string> ids, TimeSpan lease, CancellationToken cancellation = default)
    {
        foreach (var id in ids)
        {
            if (_shares.TryGetValue(id, out var share)) Renew(share, id, _now() + Milliseconds(lease));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<string>> TakeExpiredAsync(int limit, TimeSpan hold, CancellationToken cancellation = default)
    {
        var now = _now();
        var expired = new List<string>();
        foreach (var (id, share) in _shares.OrderBy(pair => pair.Value.LeaseEnd).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (expired.Count == limit || share.LeaseEnd > now) break;
            lock (share)
            {
                if (share.IsClosed || share.LeaseEnd > now) continue;
                share.LeaseEnd = now + Milliseconds(hold);
                share.IsClosed = share.IsReclaimed;
            }

            if (share.IsClosed) _shares.TryRemove(id, out _);
            else expired.Add(id);
        }

        return ValueTask.FromResult<IReadOnlyList<string>>(expired);
    }

    internal static long Milliseconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalMilliseconds));

    private static Func<long> Milliseconds(TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        return () => (long)clock.GetElapsedTime(start).TotalMilliseconds;
    }

    private QuotaDecision Take(QuotaRequest request, long now)
    {
        var charges = request.Charges;
        var readings = new QuotaReading[charges.Count];
        var units = request.Units;
        (int Index, TimeSpan? Wait)? refusal = null;
        for (var i = 0; i < charges.Count; i++)
        {
            var charge = charges[i];
            var counter = _counters.Find(charge.Counter.Name);
            var used = counter?.Used(now) ?? 0;
            readings[i] = new QuotaReading(charge.Counter, used, counter?.Window?.ResetAfter(now) ?? TimeSpan.Zero);
            if (QuotaFit.OnlyLooks(charge)) continue;
            var need = counter?.Need(charge, request.Id, request.MinimumUnits, now) ?? QuotaFit.Need(charge, request.MinimumUnits);
            if (need <= charge.Counter.Limit - used || (need == 0 && counter?.Slots is not null)) units = QuotaFit.Units(charge, used, units);
            else
            {
                var wait = charge.Counter.Window is null || need > charge.Counter.Limit ? null : counter?.Window?.WaitFor(need, charge.Counter.Limit, now);
                if (refusal is not { } worst || QuotaFit.Outweighs(charge.Counter, wait, charges[worst.Index].Counter, worst.Wait)) refusal = (i, wait);
            }
        }

        if (refusal is { } decisive) return new QuotaDecision.Exhausted(readings[decisive.Index], decisive.Wait, readings);
        Grant(request, units, readings, now);
        return new QuotaDecision.Granted(units, readings);
    }

    private void Grant(QuotaRequest request, long units, QuotaReading[] readings, long now)
    {
        if (request.Charges.All(QuotaFit.TakesNothing)) return;
        if (request.Lease == TimeSpan.Zero)
        {
            for (var i = 0; i < readings.Length; i++) readings[i] = GrantForGood(request.Charges[i], units, readings[i], now);
            return;
        }

        var leaseEnd = now + Milliseconds(request.Lease);
        while (true)
        {
            var share = _shares.GetOrAdd(request.Id, _ => new MemoryShare { LeaseEnd = leaseEnd });
            lock (share)
            {
                // Settled this moment: what is taken now begins a share of its own.
                if (share.IsClosed) continue;
                (share.LeaseEnd, share.IsReclaimed) = (leaseEnd, false);
                for (var i = 0; i < readings.Length; i++)
                {
                    if (!QuotaFit.TakesNothing(request.Charges[i])) readings[i] = Grant(request.Charges[i], request.Id, units, share, now);
                }

                return;
            }
        }
    }

    private QuotaReading GrantForGood(QuotaCharge charge, long units, QuotaReading reading, long now)
    {
        if (QuotaFit.TakesNothing(charge)) return reading;
        var window = _counters.FindOrAdd(charge.Counter.Name, charge.Counter.Window!.Value.Length, now).Window!;
        window.Advance(now);
        window.Add(charge.Fixed + (charge.PerUnit * units));
        return new QuotaReading(charge.Counter, window.Used, window.ResetAfter(now));
    }

    private QuotaReading Grant(QuotaCharge charge, string id, long units, MemoryShare share, long now)
    {
        var amount = charge.Fixed + (charge.PerUnit * units);
        var counter = _counters.FindOrAdd(charge.Counter.Name, charge.Counter.Window?.Length, now);
        if (counter.Slots is { } slots)
        {
            slots.Hold(id, share.LeaseEnd);
            share.Add(charge.Counter, 0, 1);
            return new QuotaReading(charge.Counter, slots.Count(now), TimeSpan.Zero);
        }

        counter.Window!.Advance(now);
        counter.Window.Add(amount);
        share.Add(charge.Counter, counter.Window.Present, amount);
        return new QuotaReading(charge.Counter, counter.Window.Used, counter.Window.ResetAfter(now));
    }

    private void SettleAll(MemoryShare share, string id, QuotaUsage usage)
    {
        string[] names;
        lock (share) names = [.. share.Counters];
        foreach (var name in names)
        {
            var mask = MemoryCounters.MaskOf(name);
            _counters.Enter(mask);
            try
            {
                lock (share) Settle(share, id, name, usage);
            }
            finally
            {
                _counters.Exit(mask);
            }
        }
    }

    private void Settle(MemoryShare share, string id, string name, QuotaUsage usage)
    {
        var now = _now();
        var part = share.Counter(name);
        if (part.Window is not { } window) _counters.Find(name)?.Slots!.Release(id);
        else if (_counters.Find(name) is not null || usage.Of(part.Dimension) > 0)
        {
            var counter = _counters.FindOrAdd(name, window.Length, now).Window!;
            counter.Advance(now);
            share.Settle(name, usage.Of(part.Dimension), counter);
        }
    }

    private void Renew(MemoryShare share, string id, long leaseEnd)
    {
        string[] slots;
        lock (share)
        {
            if (share.IsClosed) return;
            (share.LeaseEnd, share.IsReclaimed) = (leaseEnd, false);
            slots = [.. share.Counters.Where(share.HoldsSlot)];
        }

        foreach (var name in slots)
        {
            var mask = MemoryCounters.MaskOf(name);
            _counters.Enter(mask);
            try
            {
                // A share that is settled meanwhile gives its slots back after this, or has done so before it is looked at.
                lock (share)
                {
                    if (!share.IsClosed) _counters.FindOrAdd(name, null, _now()).Slots!.Hold(id, leaseEnd);
                }
            }
            finally
            {
                _counters.Exit(mask);
            }
        }
    }
}
