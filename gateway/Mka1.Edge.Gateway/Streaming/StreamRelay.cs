using System.Buffers;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// Relays an event stream as it comes: read, pass on, flush, and only then read again, so that whoever takes the events sets
/// the pace and nothing piles up here. However the model server ends, a stream that has begun ends with a terminal event.
/// </summary>
internal sealed class StreamRelay(ResponseRun run, PoolConfig pool, IRunOutput output, RunStop stop, RunQuota quota, TimeProvider clock) : IUpstreamReader
{
    private const int ChunkBytes = 16 * 1024;

    private readonly LimitsConfig _limits = run.Snapshot.Config.Limits;
    private StreamAlarm? _alarm;

    public async Task ReadAsync(HttpResponseMessage response, UpstreamAttempt attempt)
    {
        var deadline = attempt.Deadline;
        var relay = new EventRelay(run, output, quota, clock);
        try
        {
            if (await UpstreamErrors.ReadAsync(response, deadline.Token) is { } refusal)
            {
                attempt.End = UpstreamErrors.EndOf(response.StatusCode);
                (run.Outcome.End, run.Outcome.Error) = (RunEnd.UpstreamRefused, refusal);
                return;
            }

            await RelayAsync(response, relay, attempt);
            attempt.Show();
            attempt.End = UpstreamErrors.EndOf(run.Progress.Final!);
            run.Outcome.TimeToLastByte = clock.GetElapsedTime(run.StartedAt);
            run.Outcome.End = RunEnd.Finished;
            await output.EndAsync(run.Progress.Final!);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            if (run.Outcome.End != RunEnd.Finished) run.Outcome.End = stop.Reason;
        }
        catch (ClientStalledException)
        {
            run.Outcome.End = RunEnd.ClientStalled;
        }
        catch (RunFencedException)
        {
            run.Outcome.End = RunEnd.Fenced;
        }
        catch (StoreUnavailableException)
        {
            run.Progress.Final = null;
            await FailAsync(relay, attempt, AttemptEnd.Unknown, RunEnd.StoreUnavailable, RunCommit.NotStored);
        }
        catch (OperationCanceledException) when (deadline.Expired || deadline.IsMoved)
        {
            await FailAsync(relay, attempt, attempt.Interrupted, RunEnd.UpstreamTimeout, new ApiError(ErrorCode.UpstreamTimeout, "The model server went silent. Retry."));
        }
        catch (UpstreamProtocolException)
        {
            await FailAsync(relay, attempt, IsEventStream(response) ? AttemptEnd.Senseless : AttemptEnd.WrongType, RunEnd.UpstreamBroken, new ApiError(ErrorCode.UpstreamError, "The model server's answer made no sense. Retry."));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            await FailAsync(relay, attempt, AttemptEnd.Cut, RunEnd.UpstreamBroken, new ApiError(ErrorCode.UpstreamError, "The model server's answer broke off. Retry."));
        }
        catch (Exception)
        {
            // A fault of ours: the client's stream ends as streams end, and the fault goes on to be logged.
            await FailAsync(relay, attempt, AttemptEnd.Unknown, RunEnd.Unfinished, new ApiError(ErrorCode.ServerError, "The gateway failed. Retry."));
            throw;
        }
        finally
        {
            _alarm?.Dispose();
        }
    }

    private async Task RelayAsync(HttpResponseMessage response, EventRelay relay, UpstreamAttempt attempt)
    {
        if (!IsEventStream(response))
            throw new UpstreamProtocolException("The answer is not an event stream.");

        var deadline = attempt.Deadline;
        var firstToken = TimeSpan.FromSeconds(pool.FirstTokenTimeoutSeconds);
        var idle = TimeSpan.FromSeconds(pool.IdleTimeoutSeconds);
        var start = clock.GetTimestamp();
        var reader = new SseReader(_limits.MaxEventBytes, _limits.MaxEventBytes);
        await using var upstream = await response.Content.ReadAsStreamAsync(deadline.Token);
        while (!relay.Ended)
        {
            deadline.Extend(relay.HasOutput ? idle : Left(firstToken, start));
            var (began, before) = (clock.GetTimestamp(), run.Waits.Total);

            // With nothing to read into, it waits for bytes: a silent stream holds no buffer.
            await KeepingAliveAsync(upstream.ReadAsync(Memory<byte>.Empty, deadline.Token));
            var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
            var read = await KeepingAliveAsync(upstream.ReadAsync(chunk.AsMemory(0, ChunkBytes), deadline.Token));

            // What a client took to read a comment meanwhile is counted already.
            run.Waits.Add(clock.GetElapsedTime(began) - (run.Waits.Total - before));

            // From here on it is the output's time that runs, and the output keeps that.
            deadline.Extend(Timeout.InfiniteTimeSpan);
            if (read == 0) throw new IOException("The stream ended without a terminal event.");
            reader.Push(chunk.AsSpan(0, read));

            // Not in a finally: after a fault a read may still be writing into the chunk, which then must not be lent again.
            ArrayPool<byte>.Shared.Return(chunk);
            while (!RelayFrames(reader, relay, attempt))
            {
                if (await quota.ExtendAsync(run, deadline.Token)) relay.GoOn();
                else relay.CutShort();
            }

            if (relay.HasPassed) attempt.Show();
            if (run.Outcome.TimeToFirstToken is not null) attempt.Speak();
            if (!relay.Ended) await output.FlushAsync();
        }
    }

    /// <summary>Passes on what has come.</summary>
    /// <returns>False when the run needs more set aside before it can go on.</returns>
    private static bool RelayFrames(SseReader reader, EventRelay relay, UpstreamAttempt attempt)
    {
        while (!relay.Ended)
        {
            switch (reader.TryRead(out var frame))
            {
                case SseReadStatus.Frame:
                    attempt.Begin();
                    if (!relay.Relay(frame)) return false;
                    break;
                case SseReadStatus.NeedMore:
                    return true;
                default:
                    throw new UpstreamProtocolException("An event is longer than allowed.");
            }
        }

        return true;
    }

    private static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is left of the time for the first output: comments are a sign of life and no answer.</summary>
    private TimeSpan Left(TimeSpan limit, long began) => limit - clock.GetElapsedTime(began) is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private async ValueTask<int> KeepingAliveAsync(ValueTask<int> read)
    {
        if (read.IsCompleted || output.Silence is not { } silence) return await read;

        var interval = TimeSpan.FromSeconds(_limits.KeepAliveSeconds);
        _alarm ??= new StreamAlarm(interval - silence, clock);
        var pending = read.AsTask();
        while (!await _alarm.WaitAsync(pending))
        {
            // Counted from what the client last got: a model server's own comments are no sign of life to the client.
            if (output.Silence >= interval)
            {
                output.WriteKeepAlive();
                await output.FlushAsync();
            }

            _alarm.Set(interval - (output.Silence ?? TimeSpan.Zero));
        }

        return await pending;
    }

    private async Task FailAsync(EventRelay relay, UpstreamAttempt attempt, AttemptEnd how, RunEnd end, ApiError error)
    {
        if (relay.HasPassed) attempt.Show();
        if (attempt.End == AttemptEnd.Unknown) attempt.End = how;
        run.Outcome.End = end;
        if (!output.Started || (!relay.HasPassed && how.IsRetriable()))
        {
            // Nothing of it was seen: it is for the stage to say whether another destination is tried.
            run.Outcome.Error = error;
            return;
        }

        try
        {
            relay.Fail(error);
            await output.EndAsync(run.Progress.Final!);
        }
        catch (Exception e) when (e is OperationCanceledException or ClientStalledException or RunFencedException or StoreUnavailableException)
        {
            // Nobody is left to tell; the run's end is the model server's all the same.
        }
    }
}
