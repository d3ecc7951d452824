using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Responses;

/// <summary>
/// Stored responses. Whoever asks names an owner; what belongs to another owner is not there. Every method throws
/// <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IResponseStore
{
    /// <summary>Takes a response in. Complete when it survives whatever the store survives. Repeating it changes nothing.</summary>
    ValueTask AddAsync(ResponseAddition addition, CancellationToken cancellation = default);

    ValueTask<StoredResponse?> FindAsync(Owner owner, string id, CancellationToken cancellation = default);

    /// <summary>The owner's responses by the time they were stored. An unknown cursor gives null.</summary>
    ValueTask<Page<StoredResponse>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default);

    /// <summary>Puts <paramref name="metadata"/> in place of what the response had.</summary>
    /// <returns>The response as it is now; null when there is none.</returns>
    ValueTask<StoredResponse?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default);

    /// <summary>Deletes a response, its run and its item ids. What conversations hold of it stays.</summary>
    ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default);

    /// <summary>The response and those before it, following <c>previous_response_id</c>, oldest first.</summary>
    /// <returns>Null when the response or any one before it is not there, or when there are more than <paramref name="maxLength"/>.</returns>
    ValueTask<IReadOnlyList<StoredResponse>?> ChainAsync(Owner owner, string id, int maxLength, CancellationToken cancellation = default);

    /// <summary>Responses of the owner that hold any of the items, newest first.</summary>
    ValueTask<IReadOnlyList<StoredResponse>> FindByItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default);
}
