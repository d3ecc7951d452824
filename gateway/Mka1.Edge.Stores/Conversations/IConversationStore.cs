using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>
/// Conversations and their items. Whoever asks names an owner; what belongs to another owner, or was deleted, is not there.
/// Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IConversationStore
{
    ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellation = default);

    ValueTask<StoredConversation?> FindAsync(Owner owner, string id, CancellationToken cancellation = default);

    /// <summary>The owner's conversations by the time of their last change. An unknown cursor gives null.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="query">Which part.</param>
    /// <param name="metadata">Pairs that must all be there; null for no such filter.</param>
    /// <param name="search">Words that must all occur in one item's text, case aside; null for no such filter.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Page<StoredConversation>?> ListAsync(
        Owner owner, PageQuery query, IReadOnlyDictionary<string, string>? metadata, string? search, CancellationToken cancellation = default);

    /// <returns>The conversation as it is now; null when there is none.</returns>
    ValueTask<StoredConversation?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default);

    ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default);

    /// <summary>
    /// Appends items together, in their order, behind all that are there, but for those whose id is in the conversation already:
    /// an append that is repeated changes nothing. False when there is no such conversation.
    /// </summary>
    ValueTask<bool> AppendAsync(Owner owner, ConversationAppend append, CancellationToken cancellation = default);

    /// <summary>Items in the order in which they were appended. Null when there is no such conversation or cursor.</summary>
    ValueTask<Page<ConversationItem>?> ListItemsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation = default);

    ValueTask<ConversationItem?> FindItemAsync(Owner owner, string id, string itemId, CancellationToken cancellation = default);

    /// <summary>Items of any of the owner's conversations, by their ids.</summary>
    ValueTask<IReadOnlyList<ConversationItem>> FindItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default);

    /// <summary>Deletes items: all of them or, when any is not there, none.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="itemIds">The items.</param>
    /// <param name="metadata">Makes the conversation's new metadata of what it has, in the same step; null leaves it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The conversation as it is now; null when it, or any of the items, is not there.</returns>
    ValueTask<StoredConversation?> DeleteItemsAsync(
        Owner owner,
        string id,
        IReadOnlyCollection<string> itemIds,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? metadata = null,
        CancellationToken cancellation = default);
}
