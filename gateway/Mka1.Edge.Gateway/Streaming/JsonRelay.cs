using System.Net.Http.Headers;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Takes in a whole JSON answer, puts the model server's outcome into the gateway's envelope, and hands that on.</summary>
internal sealed class JsonRelay(ResponseRun run, IRunOutput output, RunStop stop, RunQuota quota, TimeProvider clock) : IUpstreamReader
{
    public async Task ReadAsync(HttpResponseMessage response, UpstreamAttempt attempt)
    {
        var (outcome, deadline) = (run.Outcome, attempt.Deadline);
        try
        {
            if (await UpstreamErrors.ReadAsync(response, deadline.Token) is { } refusal)
            {
                attempt.End = UpstreamErrors.EndOf(response.StatusCode);
                (outcome.End, outcome.Error) = (RunEnd.UpstreamRefused, refusal);
                return;
            }

            var began = clock.GetTimestamp();
            var isJson = IsJson(response.Content.Headers.ContentType);
            var body = isJson
                ? await BoundedContent.ReadAsync(response.Content, run.Snapshot.Config.Limits.MaxResponseBytes, deadline.Token)
                : null;
            run.Waits.Add(clock.GetElapsedTime(began));
            outcome.TimeToLastByte = clock.GetElapsedTime(run.StartedAt);
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            if (body is null || SnapshotEnvelope.Merge(run.Envelope, body, now) is not SnapshotResult.Merged { Response: { IsTerminal: true } merged })
            {
                attempt.End = isJson ? AttemptEnd.Senseless : AttemptEnd.WrongType;
                Broken(RunEnd.UpstreamBroken, new ApiError(ErrorCode.UpstreamError, "The model server's answer made no sense. Retry."));
                return;
            }

            attempt.Begin();
            attempt.Show();
            attempt.End = UpstreamErrors.EndOf(merged);
            outcome.Usage = merged.Usage;
            outcome.End = RunEnd.Finished;
            if (merged.Usage is null) (outcome.Deltas, outcome.DeltaBytes) = OutputSize.Of(merged);
            run.Progress.Final = CompactedOutput.In(run, SaidUsage.In(run, merged, quota));
            deadline.Extend(Timeout.InfiniteTimeSpan);
            await output.EndAsync(run.Progress.Final);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            if (outcome.End != RunEnd.Finished) outcome.End = stop.Reason;
        }
        catch (ClientStalledException)
        {
            outcome.End = RunEnd.ClientStalled;
        }
        catch (RunFencedException)
        {
            outcome.End = RunEnd.Fenced;
        }
        catch (StoreUnavailableException)
        {
            Broken(RunEnd.StoreUnavailable, RunCommit.NotStored);
        }
        catch (OperationCanceledException) when (deadline.Expired || deadline.IsMoved)
        {
            attempt.End = attempt.Interrupted;
            Broken(RunEnd.UpstreamTimeout, new ApiError(ErrorCode.UpstreamTimeout, "The model server took too long. Retry, or ask for less."));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            if (attempt.End == AttemptEnd.Unknown) attempt.End = AttemptEnd.Cut;
            Broken(RunEnd.UpstreamBroken, new ApiError(ErrorCode.UpstreamError, "The model server's answer broke off. Retry."));
        }
    }

    private void Broken(RunEnd end, ApiError error) => (run.Outcome.End, run.Outcome.Error) = (end, error);

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        string.Equals(type?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase);
}
