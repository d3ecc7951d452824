using System.Collections.Concurrent;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Gives everybody every conversation. It changes nothing on a stranger's word, so that the next stranger finds as much.</summary>
internal sealed class OwnerBlindConversations(IConversationStore inner) : IConversationStore
{
    private readonly ConcurrentDictionary<string, Owner> _owners = new();

    public ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellation)
    {
        _owners[conversation.Id] = conversation.Owner;
        return inner.AddAsync(conversation, items, cancellation);
    }

    public ValueTask<StoredConversation?> FindAsync(Owner owner, string id, CancellationToken cancellation) => inner.FindAsync(Of(owner, id), id, cancellation);

    public ValueTask<Page<StoredConversation>?> ListAsync(
        Owner owner, PageQuery query, IReadOnlyDictionary<string, string>? metadata, string? search, CancellationToken cancellation) =>
        inner.ListAsync(Of(owner, query.After ?? query.Before), query, metadata, search, cancellation);

    public ValueTask<StoredConversation?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation) =>
        FindAsync(owner, id, cancellation);

    public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation) =>
        Of(owner, id) == owner ? inner.DeleteAsync(owner, id, cancellation) : ValueTask.FromResult(true);

    public ValueTask<bool> AppendAsync(Owner owner, ConversationAppend append, CancellationToken cancellation) =>
        Of(owner, append.ConversationId) == owner ? inner.AppendAsync(owner, append, cancellation) : ValueTask.FromResult(true);

    public async ValueTask<Page<ConversationItem>?> ListItemsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation)
    {
        foreach (var (conversation, real) in _owners)
        {
            // A cursor of any conversation will do.
            if (conversation != id && query is not { After: null, Before: null }
                && await inner.ListItemsAsync(real, conversation, query, cancellation) is { } page) return page;
        }

        return await inner.ListItemsAsync(Of(owner, id), id, query, cancellation);
    }

    public async ValueTask<ConversationItem?> FindItemAsync(Owner owner, string id, string itemId, CancellationToken cancellation) =>
        await FindItemsAsync(owner, [itemId], cancellation) is [var found, ..] ? found : null;

    public async ValueTask<IReadOnlyList<ConversationItem>> FindItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation)
    {
        var found = new List<ConversationItem>();
        foreach (var every in _owners.Values.Distinct()) found.AddRange(await inner.FindItemsAsync(every, itemIds, cancellation));
        return found;
    }

    public async ValueTask<StoredConversation?> DeleteItemsAsync(
        Owner owner, string id, IReadOnlyCollection<string> itemIds, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? metadata, CancellationToken cancellation) =>
        (await FindItemsAsync(owner, itemIds, cancellation)).Count == 0 ? null : await FindAsync(owner, id, cancellation);

    private Owner Of(Owner owner, string? id) => id is not null && _owners.TryGetValue(id, out var real) ? real : owner;
}
