using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>What is known of each family's tokens: learned by this replica from the usage that model servers report.</summary>
internal sealed class TokenEstimates
{
    private readonly ConcurrentDictionary<string, TokenEstimator> _inputs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TokenEstimator> _outputs = new(StringComparer.Ordinal);

    /// <summary>Tokens that a run's input will hardly exceed.</summary>
    public long InputOf(ResponseRun run)
    {
        var atMost = Of(_inputs, run).AtMost(BytesOf(run));
        return run.Route.Variant.Capabilities.ContextWindow is { } window ? Math.Min(window, atMost) : atMost;
    }

    /// <summary>Tokens generated so far, of a run whose model server has not said: an event with text is at least one.</summary>
    public long OutputOf(ResponseRun run) => Math.Max(run.Outcome.Deltas, Of(_outputs, run).About(run.Outcome.DeltaBytes));

    /// <summary>Learns from a run that its model server has reported usage of.</summary>
    public void Learn(ResponseRun run)
    {
        if (run.Outcome.Usage is not { } usage || run.Route is null) return;
        Of(_inputs, run).Learn(BytesOf(run), usage.InputTokens);
        Of(_outputs, run).Learn(run.Outcome.DeltaBytes, usage.OutputTokens);
    }

    private static TokenEstimator Of(ConcurrentDictionary<string, TokenEstimator> estimators, ResponseRun run) =>
        estimators.GetOrAdd(run.Route.Family.Name, static _ => new TokenEstimator());

    /// <summary>Bytes of what the model reads, JSON and all: the ratio is learned over the very same.</summary>
    private static long BytesOf(ResponseRun run) => run.History.Context is { } context
        ? context.Length + (run.Request.Instructions?.Length ?? 0)
        : run.Request.Raw.Length;
}
