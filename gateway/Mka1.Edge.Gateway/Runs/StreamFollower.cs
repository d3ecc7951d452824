using System.Text;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Gives a client the events of a stored stream, from any number on to the end, whichever replica makes them: from the run
/// itself when it is in progress here, else from the log, and when the log has nothing more, the end from the store.
/// </summary>
internal sealed class StreamFollower(RunHost host, IStreamLog log, IRunSignals signals, IResponseStore responses, EdgeMetrics metrics, TimeProvider clock)
{
    private const int BatchEvents = 256;

    /// <summary>How often a client that hears nothing has the stores looked at, in case word of a change was lost.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Follows a stream to its end.</summary>
    /// <param name="http">The client.</param>
    /// <param name="owner">Who asks; the stream is known to be theirs.</param>
    /// <param name="responseId">The response.</param>
    /// <param name="after">The last number the client has.</param>
    /// <param name="obfuscate">Whether delta events are padded.</param>
    /// <returns>False when the response was deleted before anything of it was sent: the client can still be told so.</returns>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    /// <exception cref="ClientStalledException">The client read nothing for too long.</exception>
    public async Task<bool> FollowAsync(HttpContext http, Owner owner, string responseId, long after, bool obfuscate)
    {
        using var open = metrics.StreamOpen();
        var config = http.Edge().Snapshot.Config;
        using var reader = new Reader(
            new ClientStream(http, config, clock), responseId, after, obfuscate, TimeSpan.FromSeconds(config.Limits.KeepAliveSeconds), clock, http.RequestAborted);
        var live = host.Find(responseId);

        // To the end: who reads on from the log reads all the same.
        using var attached = live?.Attach();
        if (live is not null && await FollowLiveAsync(live, reader, http.RequestAborted)) return true;
        using var attendance = new Attendance(responseId, http.Edge().Snapshot.GraceOf(http.Caller().Grant), signals, clock);
        return await FollowLogAsync(owner, responseId, reader, http.RequestAborted);
    }

    /// <returns>Whether the stream has ended; false when it goes on elsewhere.</returns>
    private async Task<bool> FollowLiveAsync(LiveRun live, Reader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var (entries, behind, state, changed) = live.Feed.Read(reader.After);
            if (behind)
            {
                if (!await CatchUpAsync(live, reader)) return false;
            }
            else if (entries.Count > 0)
            {
                await reader.SendAsync(entries);
            }
            else if (state == RunFeed.State.Ended)
            {
                return await reader.EndAsync();
            }
            else if (state == RunFeed.State.Left)
            {
                return false;
            }
            else
            {
                await reader.WaitAsync(changed, cancellation);
            }
        }
    }

    /// <summary>A reader too slow for the window reads on from the log.</summary>
    private async Task<bool> CatchUpAsync(LiveRun live, Reader reader)
    {
        try
        {
            var slice = await log.ReadAsync(live.Run.Id, reader.After, BatchEvents);
            if (slice.Entries.Count == 0) return false;
            await reader.SendAsync(slice.Entries);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task<bool> FollowLogAsync(Owner owner, string responseId, Reader reader, CancellationToken cancellation)
    {
        var signal = NewSignal();
        using var watch = log.Watch(responseId, () => Volatile.Read(ref signal).TrySetResult());
        var seenTerminal = false;
        while (true)
        {
            Volatile.Write(ref signal, NewSignal());
            var slice = await ReadAsync(responseId, reader.After);
            if (slice.Entries.Count > 0)
            {
                await reader.SendAsync(slice.Entries);
                seenTerminal = false;
                continue;
            }

            if (slice.State == LogState.Ended) return await reader.EndAsync();

            switch (await FindAsync(owner, responseId))
            {
                case (true, null):
                    // Deleted while it was read: there is no end to give.
                    return reader.HasBegun && await reader.EndAsync();
                case (true, { IsTerminal: true } ended):
                    if (seenTerminal) return await reader.EndAsStoredAsync(ended);

                    // A whole run may have gone by since the log was looked at, and its end is committed before it is logged: one
                    // more look, at once where there was no log, and after word of a change where it is still open.
                    seenTerminal = true;
                    if (slice.State == LogState.Missing) continue;
                    break;
            }

            await reader.WaitAsync(Volatile.Read(ref signal).Task, LookAgain, cancellation);
        }
    }

    private async Task<LogSlice> ReadAsync(string responseId, long after)
    {
        try
        {
            return await log.ReadAsync(responseId, after, BatchEvents);
        }
        catch (StoreUnavailableException)
        {
            return new LogSlice([], LogState.Missing, 0);
        }
    }

    private async Task<(bool Known, StoredResponse? Response)> FindAsync(Owner owner, string responseId)
    {
        try
        {
            return (true, await responses.FindAsync(owner, responseId));
        }
        catch (StoreUnavailableException)
        {
            return (false, null);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One client and how far it has come.</summary>
    private sealed class Reader(
        ClientStream client, string responseId, long after, bool obfuscate, TimeSpan keepAlive, TimeProvider clock, CancellationToken left) : IDisposable
    {
        private readonly StreamAlarm _alarm = new(keepAlive - client.Silence, clock, left);

        public long After { get; private set; } = after;

        /// <summary>Whether the client has been sent anything.</summary>
        public bool HasBegun => client.Started;

        public async Task SendAsync(IReadOnlyList<StreamEntry> entries)
        {
            foreach (var entry in entries)
            {
                var data = obfuscate ? Obfuscation.Apply(entry.Data, responseId, entry.Sequence) : entry.Data;
                client.Write(entry.Name.Span, data.Span);
                After = entry.Sequence;
            }

            await client.FlushAsync();
        }

        public async Task<bool> EndAsync()
        {
            client.WriteDone();
            await client.FlushAsync();
            return true;
        }

        /// <summary>The end from the store: the same bytes that the log had, or would have had.</summary>
        public async Task<bool> EndAsStoredAsync(StoredResponse ended)
        {
            var sequence = ended.TerminalSequence ?? Math.Max(After + 1, 0);
            if (sequence > After)
            {
                var name = TerminalEvent.NameOf(RunCommit.StatusOf(ended.Status));
                client.Write(Encoding.ASCII.GetBytes(name), TerminalEvent.Data(name, sequence, StoredBody.Seen(ended).Span));
            }

            return await EndAsync();
        }

        /// <summary>Waits for word of a change, and keeps the connection awake meanwhile.</summary>
        public async Task WaitAsync(Task changed, CancellationToken cancellation)
        {
            if (await _alarm.WaitAsync(changed)) return;
            await KeepAwakeAsync();
            _alarm.Set(keepAlive - client.Silence);
            cancellation.ThrowIfCancellationRequested();
        }

        /// <summary>Waits for word of a change, for <paramref name="limit"/> at most, and keeps the connection awake meanwhile.</summary>
        public async Task WaitAsync(Task changed, TimeSpan limit, CancellationToken cancellation)
        {
            var untilKeepAlive = keepAlive - client.Silence;
            var wait = limit < untilKeepAlive ? limit : untilKeepAlive;
            try
            {
                await changed.WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, cancellation);
            }
            catch (TimeoutException)
            {
                await KeepAwakeAsync();
            }
        }

        public void Dispose() => _alarm.Dispose();

        private async ValueTask KeepAwakeAsync()
        {
            if (client.Silence < keepAlive) return;
            client.WriteKeepAlive();
            await client.FlushAsync();
        }
    }
}
