using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Conversations;

/// <summary>One conversation of a <see cref="MemoryConversationStore"/>, used under its lock.</summary>
internal sealed class MemoryConversation(StoredConversation stored)
{
    private readonly Dictionary<string, ConversationItem> _byId = new(StringComparer.Ordinal);
    private Dictionary<string, string> _metadata = MetadataPairs.Of(stored.Metadata);

    public StoredConversation Stored { get; private set; } = stored;

    public Owner Owner => Stored.Owner;

    /// <summary>In the order in which they were appended.</summary>
    public List<ConversationItem> Items { get; } = [];

    /// <summary>Appends items but those whose id is there already. Says how many that were.</summary>
    public int Append(ConversationAppend append)
    {
        var before = Items.Count;
        foreach (var item in append.Items)
        {
            var own = item with { ResponseId = append.ResponseId, SearchText = SearchWords.Normalize(item.SearchText) };
            if (_byId.TryAdd(item.Id, own)) Items.Add(own);
        }

        return Items.Count - before;
    }

    public ConversationItem? Find(string itemId) => _byId.GetValueOrDefault(itemId);

    /// <summary>Removes items: all of them or, when any is not there, none.</summary>
    public bool Remove(IReadOnlyCollection<string> itemIds)
    {
        if (!itemIds.All(_byId.ContainsKey)) return false;
        foreach (var id in itemIds) _byId.Remove(id);
        Items.RemoveAll(item => !_byId.ContainsKey(item.Id));
        return true;
    }

    public void RemoveOldest(int count)
    {
        foreach (var item in Items.Take(count)) _byId.Remove(item.Id);
        Items.RemoveRange(0, count);
    }

    public void SetMetadata(ReadOnlyMemory<byte> metadata)
    {
        _metadata = MetadataPairs.Of(metadata);
        Stored = Stored with { Metadata = metadata };
    }

    public bool HasMetadata(IReadOnlyDictionary<string, string> pairs) =>
        pairs.All(pair => _metadata.TryGetValue(pair.Key, out var value) && value == pair.Value);

    public bool HasWords(HashSet<string> words) => words.Count > 0 && Items.Any(item => words.IsSubsetOf(SearchWords.Of(item.SearchText)));
}
