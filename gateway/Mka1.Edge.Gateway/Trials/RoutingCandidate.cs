using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Reload;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>Other weights that judge the same requests as those in use. Whatever they say, nobody acts on it.</summary>
internal sealed class RoutingCandidate : IHostedService, IConfigFollower, IDisposable
{
    private readonly CandidateBoard _board;
    private readonly TimeProvider _clock;
    private readonly RoutingModels _models;
    private volatile CandidateConfig? _config;

    /// <exception cref="EdgeConfigException">The weights file named cannot be used.</exception>
    public RoutingCandidate(EdgeConfiguration configuration, CandidateBoard board, TimeProvider clock, ILogger<RoutingModels> logger)
    {
        (_config, _board, _clock) = (configuration.Current.Config.Routing.Candidate, board, clock);
        _models = new RoutingModels(configuration, isCandidate: true, clock, logger);
    }

    /// <summary>The candidate's weights in use; null when there are none.</summary>
    public RoutingModel? Current => _config is null ? null : _models.Current;

    /// <summary>Judges a request that the weights in use have decided on.</summary>
    /// <param name="run">The request.</param>
    /// <param name="entry">What its model's name stands for.</param>
    /// <param name="facts">What the weights in use have looked at.</param>
    /// <param name="routed">What they have decided.</param>
    /// <param name="inUse">The weights in use.</param>
    /// <returns>Null when there is no candidate, or nothing that it could decide.</returns>
    public CandidateVerdict? Judge(ResponseRun run, CatalogEntry? entry, RoutingFacts facts, RoutingDecision.Routed routed, ComplexityClassifier inUse)
    {
        if (Current is not { } model || routed.Complexity is not { } complexity) return null;
        var (own, other) = Decide(run, entry, facts, model);
        if (other is not { Complexity: { } judged }) return null;
        model.Window?.Add(judged.Level);
        if (other.Variant.Tier == routed.Variant.Tier) return new CandidateVerdict(other.Variant.Tier, null);

        // Only now, as most agree: what both sides have gone by.
        return new CandidateVerdict(other.Variant.Tier, new Disagreement(
            _clock.GetUtcNow(),
            run.RequestId,
            routed.Family.Name,
            Disagreement.Side.Of(routed.Variant.Tier, complexity with { Contributions = inUse.Score(facts.Complexity, facts.Thresholds).Contributions }),
            Disagreement.Side.Of(other.Variant.Tier, judged with { Contributions = model.Classifier.Score(facts.Complexity, own.Thresholds).Contributions }),
            RoutingFeatures.Of(facts.Complexity)));
    }

    /// <summary>What the candidate would do with a request, for whoever asks; nothing of it is counted.</summary>
    public (string Weights, Tier Tier)? Peek(ResponseRun run, RoutingVerdict verdict, RoutingDecision.Routed routed) =>
        Current is { } model && routed.Complexity is not null && Decide(run, verdict.Entry, verdict.Facts, model).Decision is { } other
            ? (model.Classifier.Version, other.Variant.Tier)
            : null;

    /// <summary>Reads the weights that another configuration puts on trial; other weights, other counts.</summary>
    /// <exception cref="EdgeConfigException">They cannot be used.</exception>
    public Action Prepare(EdgeSnapshot next)
    {
        var (follow, config) = (_models.Prepare(next), next.Config.Routing.Candidate);
        return () =>
        {
            follow();
            if (config == _config) return;
            _config = config;
            _board.Reset();
        };
    }

    public Task StartAsync(CancellationToken cancellationToken) => _models.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _models.StopAsync(cancellationToken);

    public void Dispose() => _models.Dispose();

    private static (RoutingFacts Facts, RoutingDecision.Routed? Decision) Decide(ResponseRun run, CatalogEntry? entry, RoutingFacts facts, RoutingModel model)
    {
        var own = facts with { Thresholds = model.Window?.Thresholds, Explain = false };
        return (own, RoutingPolicy.Decide(run.Caller, entry, own, model.Classifier) as RoutingDecision.Routed);
    }
}
