using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Ends a run as failed that this replica holds and nobody has in progress: first in the store, then in its log.</summary>
internal sealed class RunFailure(IRunStore runs, LeftLog log, RunQuota quota, TimeProvider clock, ILogger<RunFailure> logger)
{
    /// <exception cref="StoreUnavailableException">It may or may not be ended; ask again.</exception>
    public async ValueTask EndAsync(StoredRun stored, ApiError error)
    {
        try
        {
            await FailAsync(stored, error);
        }
        catch (Exception e) when (e is not StoreUnavailableException)
        {
            // Asking again would change nothing, and hold up those that come after it.
            logger.RunFaulted(stored.Response.Id, e);
        }
    }

    private async ValueTask FailAsync(StoredRun stored, ApiError error)
    {
        var response = stored.Response;
        var body = StoredBody.Failed(response.Body, error, clock.GetUtcNow());
        var next = await log.CloseAsync(response.Id, stored.Fence);
        var webhook = WebhookEvents.For(response.Owner, response.Id, stored.Run.Webhook, ResponseStatus.Failed, clock.GetUtcNow());
        var ended = await runs.FinishAsync(new RunEnding(response.Owner, response.Id, stored.Fence, StoredStatus.Failed, body, [], next, Webhook: webhook));
        if (ended) await quota.ReleaseAsync(response.Id);
        if (ended && next is { } sequence) await log.EndAsync(response.Id, stored.Fence, ResponseStatus.Failed, sequence, body);
    }
}
