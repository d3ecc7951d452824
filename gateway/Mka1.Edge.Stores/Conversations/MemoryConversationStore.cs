using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>Conversations that live as long as the process, and of those only what changed last.</summary>
/// <param name="capacity">Conversations and items kept, counted together; beyond it, what changed longest ago goes.</param>
public sealed class MemoryConversationStore(int capacity = MemoryConversationStore.DefaultCapacity) : IConversationStore
{
    /// <summary>Conversations and items kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<MemoryConversation>> _byId = new(StringComparer.Ordinal);

    /// <summary>By the time of their last change, oldest first.</summary>
    private readonly LinkedList<MemoryConversation> _byChange = new();

    private int _count;

    public ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var added = new MemoryConversation(conversation);
            if (_byId.TryAdd(conversation.Id, new LinkedListNode<MemoryConversation>(added)))
            {
                _byChange.AddLast(_byId[conversation.Id]);
                _count += 1 + added.Append(new ConversationAppend(conversation.Id, null, items));
                MakeRoom(added);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<StoredConversation?> FindAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Find(owner, id)?.Stored);
    }

    public ValueTask<Page<StoredConversation>?> ListAsync(
        Owner owner, PageQuery query, IReadOnlyDictionary<string, string>? metadata, string? search, CancellationToken cancellation = default)
    {
        var words = search is null ? null : SearchWords.Of(search);
        lock (_gate)
        {
            var page = Pages.Of(
                [.. _byChange.Where(c => c.Owner == owner)],
                c => c.Stored.Id,
                query,
                c => (metadata is null || c.HasMetadata(metadata)) && (words is null || c.HasWords(words)));
            return ValueTask.FromResult(page is null ? null : new Page<StoredConversation>([.. page.Entries.Select(c => c.Stored)], page.HasMore));
        }
    }

    public ValueTask<StoredConversation?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(owner, id) is not { } conversation) return ValueTask.FromResult<StoredConversation?>(null);
            conversation.SetMetadata(metadata);
            return ValueTask.FromResult<StoredConversation?>(Changed(conversation));
        }
    }

    public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(owner, id) is not { } conversation) return ValueTask.FromResult(false);
            Drop(conversation);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> AppendAsync(Owner owner, ConversationAppend append, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Find(owner, append.ConversationId) is not null && TryAppend(append));
    }

    public ValueTask<Page<ConversationItem>?> ListItemsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Find(owner, id) is { } conversation ? Pages.Of(conversation.Items, item => item.Id, query) : null);
    }

    public ValueTask<ConversationItem?> FindItemAsync(Owner owner, string id, string itemId, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Find(owner, id)?.Find(itemId));
    }

    public ValueTask<IReadOnlyList<ConversationItem>> FindItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var own = _byChange.Reverse().Where(c => c.Owner == owner).ToList();
            IReadOnlyList<ConversationItem> found =
                [.. itemIds.Distinct().Select(id => own.Select(c => c.Find(id)).FirstOrDefault(item => item is not null)).OfType<ConversationItem>()];
            return ValueTask.FromResult(found);
        }
    }

    public ValueTask<StoredConversation?> DeleteItemsAsync(
        Owner owner, string id, IReadOnlyCollection<string> itemIds, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? metadata = null, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(owner, id) is not { } conversation || !Remove(conversation, itemIds)) return ValueTask.FromResult<StoredConversation?>(null);
            if (metadata is not null) conversation.SetMetadata(metadata(conversation.Stored.Metadata));
            return ValueTask.FromResult<StoredConversation?>(Changed(conversation));
        }
    }

    /// <summary>Appends on behalf of whoever may already: the owner was asked for when the run began. Passes over a deleted conversation.</summary>
    internal bool TryAppend(ConversationAppend append)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(append.ConversationId, out var node)) return false;
            _count += node.Value.Append(append);
            Changed(node.Value);
            MakeRoom(node.Value);
            return true;
        }
    }

    private MemoryConversation? Find(Owner owner, string id) =>
        _byId.TryGetValue(id, out var node) && node.Value.Owner == owner ? node.Value : null;

    private bool Remove(MemoryConversation conversation, IReadOnlyCollection<string> itemIds)
    {
        var before = conversation.Items.Count;
        if (!conversation.Remove(itemIds)) return false;
        _count -= before - conversation.Items.Count;
        return true;
    }

    private StoredConversation Changed(MemoryConversation conversation)
    {
        var node = _byId[conversation.Stored.Id];
        _byChange.Remove(node);
        _byChange.AddLast(node);
        return conversation.Stored;
    }

    private void Drop(MemoryConversation conversation)
    {
        _byId.Remove(conversation.Stored.Id, out var node);
        _byChange.Remove(node!);
        _count -= 1 + conversation.Items.Count;
    }

    /// <summary>What changed longest ago goes first; a conversation too large by itself loses its oldest items.</summary>
    private void MakeRoom(MemoryConversation latest)
    {
        while (_count > capacity && _byChange.First is { } oldest && oldest.Value != latest) Drop(oldest.Value);
        if (_count <= capacity) return;
        var excess = Math.Min(_count - capacity, latest.Items.Count);
        latest.RemoveOldest(excess);
        _count -= excess;
    }
}
