using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Settlement;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Streams;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>The stored runs in progress on this replica: begins them, sees each to its end, and stops them when it must.</summary>
internal sealed class RunHost(
    CompactionStage compaction,
    ForwardingStage forwarding,
    RunCommit commit,
    RunConclusion conclusion,
    RunSettlement settlement,
    IStreamLog log,
    IRunSignals signals,
    Replica replica,
    IRunStore runs,
    EdgeMetrics metrics,
    EdgeTracing tracing,
    TimeProvider clock,
    ILogger<RunHost> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, LiveRun> _live = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private IDisposable? _cancels;
    private IDisposable? _attendances;

    /// <summary>Runs in progress.</summary>
    public IReadOnlyCollection<LiveRun> Live => [.. _live.Values];

    /// <summary>The run of a response, when it is in progress here.</summary>
    public LiveRun? Find(string responseId) => _live.GetValueOrDefault(responseId);

    /// <summary>Begins a run that the store has taken in and a client waits for. It goes on by itself.</summary>
    public LiveRun Start(ResponseRun run) => Start(new LiveRun(run, fence: 0, webhook: null, emitted: false, clock), [], null, null);

    /// <summary>Begins a background run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="fence">The fencing token it was taken up under.</param>
    /// <param name="webhook">Whom to tell of its end.</param>
    /// <param name="emitted">Whether the store knows already that output may have been seen.</param>
    /// <param name="opening">The events that open its stream.</param>
    /// <param name="refusal">Why it cannot be forwarded; it then ends as failed.</param>
    /// <param name="ended">Called when its place is free.</param>
    public LiveRun Start(
        ResponseRun run, int fence, WebhookTarget? webhook, bool emitted, IReadOnlyList<StreamEntry> opening, ApiError? refusal, Action ended) =>
        Start(new LiveRun(run, fence, webhook, emitted, clock), opening, refusal, ended);

    private LiveRun Start(LiveRun live, IReadOnlyList<StreamEntry> opening, ApiError? refusal, Action? ended)
    {
        Listen();
        _live[live.Run.Id] = live;

        // It was being taken up while the drain looked for what runs: one of the two sees the other.
        if (live.Run.Request.Background && replica.IsStopped) live.Stop.Request(RunEnd.Interrupted);
        _ = Task.Run(() => ExecuteAsync(live, opening, refusal, ended));
        return live;
    }

    /// <summary>Stops a run that is in progress here; does nothing when it is not.</summary>
    public void Cancel(string responseId) => Find(responseId)?.Stop.Request(RunEnd.Cancelled);

    public void Dispose()
    {
        _cancels?.Dispose();
        _attendances?.Dispose();
    }

    private void Listen()
    {
        lock (_gate)
        {
            _cancels ??= signals.OnCancel(Cancel);
            _attendances ??= signals.OnAttend(id => Find(id)?.Touch());
        }
    }

    private async Task ExecuteAsync(LiveRun live, IReadOnlyList<StreamEntry> opening, ApiError? refusal, Action? ended)
    {
        var run = live.Run;
        using var span = run.Request.Background ? tracing.BeginBackground(run) : null;
        var output = new LoggedOutput(live, Writer(live), commit);
        try
        {
            await conclusion.ConcludeAsync(live, output, await ForwardAsync(live, output, opening, refusal));
        }
        catch (Exception e)
        {
            logger.RunFaulted(run.Id, e);
            await GiveUpAsync(live, output);
        }
        finally
        {
            live.Feed.Leave();
            await SettleAsync(run);
            RequestSpan.Tell(span, run);
            _live.TryRemove(new KeyValuePair<string, LiveRun>(run.Id, live));
            live.Finish();
            live.Dispose();
            ended?.Invoke();
        }
    }

    private RunLogWriter Writer(LiveRun live)
    {
        var hold = new RunHold(live.Run.Id, live.Fence, replica, runs);
        return new RunLogWriter(live.Run.Id, live.Fence, live.Feed, log, hold, metrics, clock, logger);
    }

    private async Task<ApiError?> ForwardAsync(LiveRun live, LoggedOutput output, IReadOnlyList<StreamEntry> opening, ApiError? refusal)
    {
        try
        {
            if (opening.Count > 0) await output.OpenAsync(opening);
            if (refusal is not null) return refusal;
            if (live.Run.CompactsInRun && await compaction.RunAsync(live.Run, live.Stop.Token) is { } uncompacted)
            {
                // Not a failed run: no model server took it on.
                live.Run.Outcome.End = RunEnd.Refused;
                return uncompacted;
            }

            return await forwarding.RunAsync(live.Run, output, live.Stop);
        }
        catch (RunFencedException)
        {
            live.Run.Outcome.End = RunEnd.Fenced;
            return null;
        }
        catch (OperationCanceledException) when (live.Stop.Token.IsCancellationRequested)
        {
            live.Run.Outcome.End = live.Stop.Reason;
            return null;
        }
        catch (Exception e)
        {
            logger.RunFaulted(live.Run.Id, e);
            return new ApiError(ErrorCode.ServerError, "The gateway failed. Retry.");
        }
    }

    private async Task GiveUpAsync(LiveRun live, LoggedOutput output)
    {
        try
        {
            await conclusion.GiveUpAsync(live, output);
        }
        catch (Exception e)
        {
            logger.RunFaulted(live.Run.Id, e);
        }
    }

    private async Task SettleAsync(ResponseRun run)
    {
        try
        {
            await settlement.SettleAsync(run);
        }
        catch (Exception e)
        {
            logger.RunFaulted(run.Id, e);
        }
    }
}
