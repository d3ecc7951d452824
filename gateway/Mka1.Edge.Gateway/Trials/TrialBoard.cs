using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>
/// Keeps both sides' figures of every canary and shadow of the configuration, since this replica began, since the pool on trial was last
/// changed, or since an operator began anew.
/// </summary>
internal sealed class TrialBoard
{
    private readonly ConcurrentDictionary<Key, CanaryStats> _canaries = new();
    private readonly ConcurrentDictionary<Key, ShadowStats> _shadows = new();
    private readonly TimeProvider _clock;
    private long _since;

    public TrialBoard(EdgeConfiguration configuration, TimeProvider clock)
    {
        _clock = clock;
        _since = clock.GetUtcNow().ToUnixTimeSeconds();
        configuration.Changed += Forget;
    }

    /// <summary>From when on figures are kept, in Unix seconds.</summary>
    public long Since => Volatile.Read(ref _since);

    public CanaryStats Of(CanaryRule rule) => _canaries.GetOrAdd(Key.Of(rule.Variant), static _ => new CanaryStats());

    public ShadowStats Of(ShadowRule rule) => _shadows.GetOrAdd(Key.Of(rule.Variant), static _ => new ShadowStats());

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _canaries.Clear();
        _shadows.Clear();
        Volatile.Write(ref _since, _clock.GetUtcNow().ToUnixTimeSeconds());
    }

    /// <summary>Counts a run of a variant with a canary.</summary>
    public void Add(CanaryRule rule, ResponseRun run, RunUsage usage, TimeSpan duration)
    {
        var stats = Of(rule);
        if (run.Route.Arm == RouteArm.Fallback) stats.FellBack();
        Add(run.Route.Arm == RouteArm.Canary ? stats.Canary : stats.Main, run, usage, duration);
    }

    /// <summary>Counts a run for one side.</summary>
    public static void Add(ArmStats side, ResponseRun run, RunUsage usage, TimeSpan duration) =>
        side.Add(run.Outcome.TimeToFirstByte, run.Outcome.TimeToLastByte ?? duration, Failed(run), usage);

    /// <summary>A side has failed when its model server did: not for what a client does.</summary>
    private static bool Failed(ResponseRun run) =>
        run.Outcome.End is RunEnd.UpstreamBroken or RunEnd.UpstreamRefused or RunEnd.UpstreamTimeout or RunEnd.UpstreamUnavailable
        || run.Progress.Final?.Status == ResponseStatus.Failed;

    private void Forget(EdgeSnapshot snapshot)
    {
        var variants = snapshot.Catalog.Variants;
        var canaries = variants.Select(v => v.Canary).OfType<CanaryRule>().Select(rule => Key.Of(rule.Variant)).ToHashSet();
        foreach (var key in _canaries.Keys.Where(key => !canaries.Contains(key))) _canaries.TryRemove(key, out _);
        var shadows = variants.Select(v => v.Shadow).OfType<ShadowRule>().Select(rule => Key.Of(rule.Variant)).ToHashSet();
        foreach (var key in _shadows.Keys.Where(key => !shadows.Contains(key))) _shadows.TryRemove(key, out _);
    }

    /// <summary>A variant as another pool serves it.</summary>
    private readonly record struct Key(string Model, string Pool, string UpstreamModel)
    {
        public static Key Of(ModelVariant variant) => new(variant.Model, variant.Pool, variant.UpstreamModel);
    }
}
