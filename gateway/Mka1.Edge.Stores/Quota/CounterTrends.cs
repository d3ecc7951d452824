using System.Collections.Concurrent;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>How the counters that were read lately have grown, and what may be taken of them on trust.</summary>
/// <param name="clock">The clock.</param>
/// <param name="capacity">Of how many counters. Nothing is known of others.</param>
internal sealed class CounterTrends(TimeProvider clock, int capacity = CounterTrends.DefaultCapacity)
{
    private const int DefaultCapacity = 100_000;

    private readonly ConcurrentDictionary<string, CounterTrend> _trends = new(StringComparer.Ordinal);
    private readonly long _start = clock.GetTimestamp();
    private long _swept;

    private long Now => (long)clock.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Takes in how counters stand.</summary>
    public void Read(QuotaDecision decision)
    {
        var now = Now;
        Sweep(now);
        foreach (var reading in decision.Readings)
        {
            if (!_trends.TryGetValue(reading.Counter.Name, out var trend))
            {
                if (_trends.Count >= capacity) continue;
                trend = _trends.GetOrAdd(reading.Counter.Name, _ => new CounterTrend());
            }

            lock (trend) trend.Read(reading.Used, now);
        }
    }

    /// <summary>Whether all counters of a request surely have room for it for so long, whoever takes of them meanwhile.</summary>
    public bool TryTrust(QuotaRequest request, int replicas, TimeSpan blind)
    {
        var now = Now;
        foreach (var charge in request.Charges)
        {
            if (QuotaFit.OnlyLooks(charge)) continue;
            if (!_trends.TryGetValue(charge.Counter.Name, out var trend)) return false;
            lock (trend)
            {
                if (!trend.TryTrust(charge.Counter, QuotaFit.Need(charge, request.Units), replicas, (long)blind.TotalMilliseconds, now)) return false;
            }
        }

        return true;
    }

    private void Sweep(long now)
    {
        var swept = Interlocked.Read(ref _swept);
        if (now - swept < CounterTrend.Lifetime || Interlocked.CompareExchange(ref _swept, now, swept) != swept) return;
        foreach (var trend in _trends)
        {
            if (now - trend.Value.ReadAt > CounterTrend.Lifetime) _trends.TryRemove(trend);
        }
    }
}
