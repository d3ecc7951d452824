using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Tests.Conversations;

public sealed class MemoryConversationStoreTests : ConversationStoreBehaviour
{
    private readonly MemoryConversationStore _store = new();

    protected override IConversationStore Store => _store;

    [Fact]
    public async Task An_append_for_a_run_asks_for_no_owner_and_passes_over_what_is_deleted()
    {
        var conversation = await AddAsync(NewOwner());
        Assert.True(_store.TryAppend(Append(conversation.Id, NewItem("a"))));
        Assert.Single(await AllItemsAsync(conversation));
        Assert.False(_store.TryAppend(Append(NewId(), NewItem("b"))));
        Assert.True(await _store.DeleteAsync(conversation.Owner, conversation.Id));
        Assert.False(_store.TryAppend(Append(conversation.Id, NewItem("c"))));
    }

    [Fact]
    public async Task What_changed_longest_ago_goes_when_there_is_no_room()
    {
        var small = new MemoryConversationStore(capacity: 10);
        var owner = NewOwner();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var conversation = NewConversation(owner);
            await small.AddAsync(conversation, [NewItem("a"), NewItem("b")]);
            ids.Add(conversation.Id);
        }

        var page = await small.ListAsync(owner, new PageQuery(10, Descending: false), null, null);
        Assert.Equal(ids[1..], page!.Entries.Select(c => c.Id));
    }

    [Fact]
    public async Task A_conversation_too_large_by_itself_keeps_its_newest_items()
    {
        var small = new MemoryConversationStore(capacity: 10);
        var conversation = NewConversation(NewOwner());
        await small.AddAsync(conversation, []);
        var items = Enumerable.Range(0, 20).Select(i => NewItem($"{i}")).ToList();
        foreach (var item in items) await small.AppendAsync(conversation.Owner, Append(conversation.Id, item));
        var page = await small.ListItemsAsync(conversation.Owner, conversation.Id, new PageQuery(100, Descending: false));
        Assert.Equal(items[^9..].Select(i => i.Id), page!.Entries.Select(i => i.Id));
    }
}
