using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Writes a run's events into the stream log, and knows what to do when the log is away: the run goes on without it, and once
/// it is back the log is filled up from the feed's window, or given up when the window no longer reaches back far enough. Without
/// the log's word the run goes on only while it is certain to be ours.
/// </summary>
internal sealed class RunLogWriter(
    string responseId, int fence, RunFeed feed, IStreamLog log, RunHold hold, EdgeMetrics metrics, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private bool _behind;
    private bool _givenUp;

    /// <summary>Appends events; returns once they are in the log, or once it is clear that they will not be for now.</summary>
    /// <exception cref="RunFencedException">The log belongs to someone else, or has ended.</exception>
    public async ValueTask AppendAsync(IReadOnlyList<StreamEntry> entries, bool last)
    {
        while (!await TryAppendAsync(entries, last)) await Task.Delay(BetweenTries, clock);
    }

    /// <returns>False when the log is away and there is no telling whose the run is.</returns>
    private async ValueTask<bool> TryAppendAsync(IReadOnlyList<StreamEntry> entries, bool last)
    {
        if (_givenUp) return await hold.ConfirmAsync();
        try
        {
            var result = await log.AppendAsync(responseId, fence, entries, last);
            if (result.Outcome == AppendOutcome.Gap) result = await FillAsync(result.Next, entries, last);
            if (result.Outcome == AppendOutcome.Fenced) throw new RunFencedException();
            if (result.Outcome == AppendOutcome.Gap) await GiveUpAsync();
            else if (_behind) _behind = false;
            return true;
        }
        catch (StoreUnavailableException e)
        {
            if (!await hold.ConfirmAsync()) return false;
            if (_behind) return true;
            _behind = true;
            metrics.StoreFailed(e.Store);
            logger.StreamNotLogged(responseId);
            return true;
        }
    }

    private async ValueTask<AppendResult> FillAsync(long next, IReadOnlyList<StreamEntry> entries, bool last)
    {
        // What was published but not logged is still in the window, if the log was not away for too long.
        if (feed.From(next) is not { } missing) return new AppendResult(AppendOutcome.Gap, next);
        return await log.AppendAsync(responseId, fence, [.. missing, .. entries], last);
    }

    private async ValueTask GiveUpAsync()
    {
        // A log with a hole would give a resuming client a text with a hole; without one, it gets the whole answer at the end.
        _givenUp = true;
        logger.LogGivenUp(responseId);
        await log.DeleteAsync(responseId);
    }
}
