using System.Security.Cryptography;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Idempotency;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.Idempotency;

/// <summary>
/// Lets one of any number of requests with the same <c>Idempotency-Key</c> through; the others get what that one gets, also
/// while it is still being made (draft-ietf-httpapi-idempotency-key-header-07).
/// </summary>
internal sealed class IdempotencyGate(
    IIdempotencyStore keys, IResponseStore responses, StreamFollower follower, TimeProvider clock)
{
    public const string ReplayedHeader = "Idempotent-Replayed";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>What the gate decided.</summary>
    /// <param name="Proceed">Whether the request is the first and goes on.</param>
    /// <param name="Refusal">What to answer when it neither goes on nor has been answered.</param>
    public readonly record struct Decision(bool Proceed, ApiError? Refusal);

    /// <summary>Decides on a request, and answers it when it is a repeat.</summary>
    public async ValueTask<Decision> EnterAsync(ResponseRun run, string key, HttpContext http)
    {
        if (!run.Request.Store)
        {
            return new Decision(false, new ApiError(
                ErrorCode.InvalidValue, "Idempotency-Key needs 'store' to be true: a repeat is answered from the store. Leave one of them out.", IdempotencyKey.Header));
        }

        var owner = run.Caller.Owner;
        var fingerprint = SHA256.HashData(run.Request.Raw.Span);
        var lost = TimeSpan.FromSeconds(run.Snapshot.Config.Stores.LeaseSeconds * 2);
        var waitingSince = clock.GetTimestamp();
        while (true)
        {
            var claim = await keys.ClaimAsync(owner, key, fingerprint, run.Id, http.RequestAborted);
            if (claim.IsNew) return new Decision(true, null);
            if (!CryptographicOperations.FixedTimeEquals(claim.Fingerprint.Span, fingerprint))
            {
                return new Decision(false, new ApiError(
                    ErrorCode.IdempotencyKeyReused, "This Idempotency-Key was used before with another request. Use a new key for a new request.", IdempotencyKey.Header));
            }

            if (await responses.FindAsync(owner, claim.ResponseId, http.RequestAborted) is { } response)
            {
                await ReplayAsync(run, response, http);
                return default;
            }

            // The first one has its claim but is not stored yet. One that died in between leaves its key to us.
            if (clock.GetElapsedTime(waitingSince) > lost) await keys.ReleaseAsync(owner, key, claim.ResponseId, http.RequestAborted);
            await Task.Delay(LookAgain, clock, http.RequestAborted);
        }
    }

    /// <summary>Gives the key back: nothing came of the request that it was claimed for.</summary>
    public ValueTask LeaveAsync(ResponseRun run, string key) => keys.ReleaseAsync(run.Caller.Owner, key, run.Id);

    private async Task ReplayAsync(ResponseRun run, StoredResponse response, HttpContext http)
    {
        http.Response.Headers[ReplayedHeader] = "true";
        if (run.Request.Stream)
        {
            if (!await follower.FollowAsync(http, response.Owner, response.Id, after: -1, run.Obfuscates)) await RefuseAsync(http);
            return;
        }

        while (!response.IsTerminal && !response.Background)
        {
            await Task.Delay(LookAgain, clock, http.RequestAborted);
            if (await responses.FindAsync(response.Owner, response.Id, http.RequestAborted) is not { } now)
            {
                await RefuseAsync(http);
                return;
            }

            response = now;
        }

        await ErrorResponses.SendAsync(http.Response, StoredBody.Seen(response));
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.Remove(ReplayedHeader);
        return http.RefuseAsync(new ApiError(ErrorCode.StoreUnavailable, "The first request with this Idempotency-Key came to nothing. Retry."));
    }
}
