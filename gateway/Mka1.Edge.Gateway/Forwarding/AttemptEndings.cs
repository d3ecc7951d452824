using System.Globalization;
using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>What the attempts of one request came to, and what its client is told when all of them came to nothing.</summary>
internal struct AttemptEndings
{
    private bool _busy;
    private AttemptEnd _last;
    private (RunEnd End, ApiError? Error) _said;

    /// <summary>Another attempt came to nothing.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="outcome">What the reader of its answer, if there was one, left of it.</param>
    public void Add(AttemptEnd end, RunOutcome? outcome)
    {
        _busy |= end == AttemptEnd.Busy;
        _last = end;
        _said = outcome is null ? default : (outcome.End, outcome.Error);
    }

    /// <summary>The end of the run, and the refusal. A pool that is busy says so: what else went wrong is not the client's to mend.</summary>
    public readonly (RunEnd End, ApiError Error) Refusal(ResponseRun run, ModelPool pool)
    {
        var model = run.Request.Model;
        var retry = pool.UntilReturn();
        if (_busy || (_last == AttemptEnd.Unknown && pool.IsLeftAlone())) return (RunEnd.UpstreamRefused, new ApiError(ErrorCode.Overloaded, $"Every model server of '{model}' is busy. Retry shortly.") { RetryAfter = retry });
        if (_last == AttemptEnd.TimedOut)
        {
            var limit = (run.UpstreamStreams ? pool.Config.FirstTokenTimeoutSeconds : pool.Config.FirstByteTimeoutSeconds).ToString(CultureInfo.InvariantCulture);
            return (RunEnd.UpstreamTimeout, new ApiError(ErrorCode.UpstreamTimeout, $"The model server did not answer within {limit} s. Retry, or ask for less."));
        }

        return _said is { Error: { } error } && _last is not AttemptEnd.Moved
            ? (_said.End, error)
            : (RunEnd.UpstreamUnavailable, new ApiError(ErrorCode.NoBackendAvailable, $"No model server of '{model}' can be reached now. Retry shortly.") { RetryAfter = retry });
    }
}
