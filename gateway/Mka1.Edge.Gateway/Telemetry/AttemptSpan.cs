using System.Diagnostics;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Telemetry;

namespace Mka1.Edge.Gateway.Telemetry;

/// <summary>What the span of one try at one destination tells.</summary>
internal static class AttemptSpan
{
    public static void Begin(Activity span, ResponseRun run, ModelPool pool, PoolDestination destination, int before)
    {
        var model = run.Route.Variant.UpstreamModel;
        span.DisplayName = $"chat {model}";
        if (!span.IsAllDataRequested) return;
        span.SetOperation(model).SetTag("mka1.edge.pool", pool.Name).SetTag("mka1.edge.destination", destination.Name).SetTag("mka1.edge.attempt", before + 1);
        if (!Uri.TryCreate(destination.Address, UriKind.Absolute, out var address)) return;
        span.SetTag("server.address", address.Host).SetTag("server.port", address.Port);
    }

    /// <summary>Adds what the answer came to, once it has been read.</summary>
    public static void Tell(Activity? span, ResponseRun run)
    {
        if (span is not { IsAllDataRequested: true }) return;
        if (run.Outcome.Usage is { } usage) span.SetUsage(usage.InputTokens, usage.OutputTokens, usage.InputTokensDetails?.CachedTokens ?? 0);
        if (run.Progress.Final is { } final) span.SetFinish(FinishReasons.Of(final));
    }

    /// <summary>Ends it.</summary>
    public static void End(Activity? span, AttemptEnd end)
    {
        if (span is null) return;
        var name = end.Name();
        span.SetTag("mka1.edge.attempt.end", name);
        if (end.IsFault() || end.IsRetriable()) span.SetFailed(name);
        span.Dispose();
    }
}
