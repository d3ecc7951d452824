using System.Diagnostics.Metrics;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>The instruments of routing and of what is on trial there; <c>gateway/METRICS.md</c> says the same in words.</summary>
internal sealed class RoutingMetrics
{
    private const string ModelLabel = "gen_ai.response.model";
    private const string TierLabel = "mka1.edge.routing.tier";

    private static readonly double[] DurationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    private readonly Counter<long> _decisions;
    private readonly Counter<long> _candidates;
    private readonly Counter<long> _canaries;
    private readonly Counter<long> _shadows;
    private readonly Histogram<double> _shadowDuration;

    public RoutingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdgeMetrics.MeterName);
        _decisions = meter.CreateCounter<long>("mka1.edge.routing.decisions", "{request}", "Requests by the tier that served them and the one that auto_routing wanted.");
        _candidates = meter.CreateCounter<long>("mka1.edge.routing.candidate.decisions", "{request}", "Requests by the tier that served them and the one that the candidate's weights would have given them.");
        _canaries = meter.CreateCounter<long>("mka1.edge.canary.requests", "{request}", "Requests of variants with a canary, by where they went.");
        _shadows = meter.CreateCounter<long>("mka1.edge.shadow.requests", "{request}", "Requests chosen for a shadow, by what became of them.");
        _shadowDuration = meter.CreateHistogram("mka1.edge.shadow.duration", "s", "From mirroring a request to the end of the answer.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
    }

    /// <summary>A routed run has ended.</summary>
    public void Routed(ResponseRun run, bool split)
    {
        var route = run.Route;
        var tier = new KeyValuePair<string, object?>(TierLabel, route.Variant.Tier.Name());
        _decisions.Add(1, tier, new KeyValuePair<string, object?>("mka1.edge.routing.desired_tier", route.Complexity?.DesiredTier.Name() ?? "none"));
        if (run.Candidate is { } candidate) _candidates.Add(1, tier, new KeyValuePair<string, object?>("mka1.edge.routing.candidate_tier", candidate.Tier.Name()));
        if (split) _canaries.Add(1, Model(route.Variant), new KeyValuePair<string, object?>("mka1.edge.canary.arm", Name(route.Arm)));
    }

    /// <summary>A request was not mirrored, for want of room.</summary>
    public void ShadowDropped(ModelVariant variant) => Shadow(variant, "dropped");

    /// <summary>A mirrored request has come to its end.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="outcome"><c>same</c>, <c>different</c> or <c>failed</c>.</param>
    /// <param name="duration">How long it took.</param>
    public void ShadowEnded(ModelVariant variant, string outcome, TimeSpan duration)
    {
        Shadow(variant, outcome);
        _shadowDuration.Record(duration.TotalSeconds, Model(variant));
    }

    private void Shadow(ModelVariant variant, string outcome) =>
        _shadows.Add(1, Model(variant), new KeyValuePair<string, object?>("mka1.edge.shadow.outcome", outcome));

    private static KeyValuePair<string, object?> Model(ModelVariant variant) => new(ModelLabel, variant.Model);

    private static string Name(RouteArm arm) => arm switch
    {
        RouteArm.Main => "main",
        RouteArm.Canary => "canary",
        _ => "fallback",
    };
}
