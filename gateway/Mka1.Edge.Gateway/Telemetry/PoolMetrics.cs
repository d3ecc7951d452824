using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Forwarding.Destinations;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>The instruments of pools and destinations; labels are names that stand in the configuration. <c>gateway/METRICS.md</c> says the same in words.</summary>
internal sealed class PoolMetrics
{
    private const string Pool = "mka1.edge.pool";
    private const string Destination = "mka1.edge.destination";

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _moves;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _retriesRefused;
    private readonly DestinationRegistry _registry;
    private readonly ConcurrentDictionary<(string Pool, string Destination), byte> _told = new();

    public PoolMetrics(IMeterFactory meters, DestinationRegistry registry)
    {
        _registry = registry;
        var meter = meters.Create(EdgeMetrics.MeterName);
        _attempts = meter.CreateCounter<long>("mka1.edge.destination.attempts", "{attempt}", "Requests sent to a destination, by how they ended there.");
        _ejections = meter.CreateCounter<long>("mka1.edge.destination.ejections", "{ejection}", "Times a destination was left out for what its answers were.");
        _moves = meter.CreateCounter<long>("mka1.edge.destination.moves", "{request}", "Requests taken away from a destination that its probes found hung.");
        _retries = meter.CreateCounter<long>("mka1.edge.pool.retries", "{retry}", "Requests sent to another destination.");
        _retriesRefused = meter.CreateCounter<long>("mka1.edge.pool.retries_refused", "{retry}", "Requests not sent to another destination because the retry budget was used up.");
        meter.CreateObservableGauge("mka1.edge.destination.outstanding", () => Observe(d => d.State.Outstanding), "{request}", "Requests of this replica under way at a destination.");
        meter.CreateObservableGauge("mka1.edge.destination.available", () => Observe(d => registry.Admits(d) ? 1 : 0), "1", "Whether a destination takes requests.");
        meter.CreateObservableGauge("mka1.edge.destination.reported_queue", () => Observe(d => d.State.Load?.Queued ?? 0), "{request}", "Requests that wait at a destination, by its own last word.");
    }

    /// <summary>An attempt has ended.</summary>
    public void AttemptEnded(string pool, string destination, AttemptEnd end) =>
        _attempts.Add(1, new TagList { { Pool, pool }, { Destination, destination }, { "mka1.edge.attempt.end", end.Name() } });

    /// <summary>A destination is left out.</summary>
    public void Ejected(string pool, string destination) => _ejections.Add(1, new TagList { { Pool, pool }, { Destination, destination } });

    /// <summary>Requests were taken away from a destination.</summary>
    public void Moved(string pool, string destination, int requests) => _moves.Add(requests, new TagList { { Pool, pool }, { Destination, destination } });

    /// <summary>A request is sent to another destination, or is not because the budget is used up.</summary>
    public void Retried(string pool, bool allowed) => (allowed ? _retries : _retriesRefused).Add(1, new KeyValuePair<string, object?>(Pool, pool));

    private IEnumerable<Measurement<double>> Observe(Func<PoolDestination, double> value)
    {
        var there = new HashSet<(string, string)>();
        foreach (var pool in _registry.Pools)
        {
            foreach (var destination in pool.Destinations)
            {
                there.Add((pool.Name, destination.Name));
                _told.TryAdd((pool.Name, destination.Name), 0);
                yield return Measure(value(destination), pool.Name, destination.Name);
            }
        }

        // The SDK goes on showing the last number of what a configuration no longer names; one that is no number is not shown.
        foreach (var (pool, destination) in _told.Keys.Where(key => !there.Contains(key))) yield return Measure(double.NaN, pool, destination);
    }

    private static Measurement<double> Measure(double value, string pool, string destination) => new(value, new TagList { { Pool, pool }, { Destination, destination } });
}
