using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Takes the events of a stored run: into the log first, then to the readers here, so that what one reader has seen every
/// later reader can be given. The end is committed before anyone sees it.
/// </summary>
internal sealed class LoggedOutput(LiveRun live, RunLogWriter log, RunCommit commit) : IRunOutput
{
    private readonly ResponseRun _run = live.Run;
    private readonly List<StreamEntry> _pending = [];
    private byte[] _lastName = [];

    /// <summary>Whether the terminal event is out.</summary>
    public bool Ended { get; private set; }

    public bool Started => live.Feed.Next > 0 || _pending.Count > 0;

    public TimeSpan? Silence => null;

    public void Write(long sequence, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!name.SequenceEqual(_lastName)) _lastName = name.ToArray();
        _pending.Add(new StreamEntry(sequence, _lastName, data.ToArray()));
    }

    public void WriteKeepAlive()
    {
    }

    public async ValueTask FlushAsync()
    {
        if (_pending.Count == 0) return;
        if (!live.Emitted && _run.Request.Background)
        {
            // From here on someone may see what the model server said: a run that breaks off now must not be run again.
            await commit.MarkEmittedAsync(live);
            live.Emitted = true;
        }

        await PublishAsync([.. _pending], last: false);
        _pending.Clear();
        live.Open();
    }

    /// <summary>Lets readers have events that the gateway itself opens the stream with.</summary>
    public async ValueTask OpenAsync(IReadOnlyList<StreamEntry> opening)
    {
        await PublishAsync(opening, last: false);
        live.Open();
    }

    public async ValueTask EndAsync(ResponseObject final)
    {
        try
        {
            await FlushAsync();
        }
        catch (StoreUnavailableException)
        {
            // What was held back stays unseen, so the text is not whole, whether the store is back by now or not.
            _pending.Clear();
            _run.Progress.Next = live.Feed.Next;
            _run.Outcome.End = RunEnd.StoreUnavailable;
            final = RunCommit.Unstored(final);
        }

        if (!_run.UpstreamStreams)
        {
            // A keyed run without events: the store alone is read by whoever waits.
            await commit.FinishAsync(live, final, TerminalEvent.Body(final), null);
            EndFeed();
            return;
        }

        var body = TerminalEvent.Body(final);
        if (await commit.FinishAsync(live, final, body, _run.Progress.Next) is { } instead)
        {
            (final, body) = (instead, TerminalEvent.Body(instead));
        }

        await PublishEndAsync(final.Status, body);
    }

    /// <summary>Ends the stream with what the store says of the run's end; another has written it.</summary>
    public async ValueTask EndAsStoredAsync(ResponseStatus status, ReadOnlyMemory<byte> body)
    {
        // What was held back stays unseen: the end follows on what readers have, or its number would leave a gap.
        _pending.Clear();
        _run.Progress.Next = live.Feed.Next;
        try
        {
            await PublishEndAsync(status, body);
        }
        catch (RunFencedException)
        {
            // The log has its end from whoever took over; the readers here look there.
            live.Feed.Leave();
            Ended = true;
        }
    }

    private async ValueTask PublishEndAsync(ResponseStatus status, ReadOnlyMemory<byte> body)
    {
        await PublishAsync([TerminalEntry.Of(status, _run.Progress.Next++, body)], last: true);
        Ended = true;
        live.Open();
    }

    private async ValueTask PublishAsync(IReadOnlyList<StreamEntry> entries, bool last)
    {
        await log.AppendAsync(entries, last);
        live.Feed.Publish(entries, last);
    }

    private void EndFeed()
    {
        live.Feed.Leave();
        Ended = true;
        live.Open();
    }
}
