using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Ends a run on its owner's word: first in the store, where it counts, then wherever it is in progress.</summary>
internal sealed class RunCanceller(IResponseStore responses, IRunStore runs, LeftLog log, IRunSignals signals, RunHost host, RunQuota quota, TimeProvider clock)
{
    /// <summary>Cancels a run, unless it has ended already.</summary>
    /// <returns>The response as it is now; null when it is not there any more.</returns>
    /// <exception cref="StoreUnavailableException">It may or may not be cancelled.</exception>
    public async ValueTask<StoredResponse?> CancelAsync(Owner owner, StoredResponse response)
    {
        var queued = response.Status == StoredStatus.Queued;
        var noted = await runs.PeekAsync(response.Id);
        var ending = new RunEnding(
            owner,
            response.Id,
            Fence: null,
            StoredStatus.Cancelled,
            StoredBody.Cancelled(response.Body, clock.GetUtcNow()),
            OutputItemIds: [],
            Webhook: WebhookEvents.For(owner, response.Id, noted?.Run.Webhook, ResponseStatus.Cancelled, clock.GetUtcNow()));
        if (await runs.FinishAsync(ending))
        {
            host.Cancel(response.Id);
            await signals.CancelAsync(response.Id);
            if (queued)
            {
                await quota.ReleaseAsync(response.Id);
                await EndLogAsync(response.Id, ending.Body);
            }
        }

        return await responses.FindAsync(owner, response.Id);
    }

    /// <summary>Nobody has taken the run up, or whoever just does must not write on.</summary>
    private async ValueTask EndLogAsync(string responseId, ReadOnlyMemory<byte> body)
    {
        if (await log.CloseAsync(responseId, int.MaxValue) is { } next)
            await log.EndAsync(responseId, int.MaxValue, ResponseStatus.Cancelled, next, body);
    }
}
