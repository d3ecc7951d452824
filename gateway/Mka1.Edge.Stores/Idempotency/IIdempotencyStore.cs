using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Idempotency;

/// <summary>
/// Which response each <c>Idempotency-Key</c> of an owner stands for, for 24 hours (draft-ietf-httpapi-idempotency-key-header-07).
/// Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IIdempotencyStore
{
    /// <summary>How long a key stands for its response.</summary>
    static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>
    /// Claims a key for <paramref name="responseId"/>, or gives what it stands for already. Of many callers one gets a new claim;
    /// it stays new for that response's id, so that a claim whose answer was lost can be repeated.
    /// </summary>
    ValueTask<IdempotencyClaim> ClaimAsync(
        Owner owner, string key, ReadOnlyMemory<byte> fingerprint, string responseId, CancellationToken cancellation = default);

    /// <summary>Gives a key back, if it still stands for <paramref name="responseId"/>: nothing came of the request.</summary>
    ValueTask ReleaseAsync(Owner owner, string key, string responseId, CancellationToken cancellation = default);
}
