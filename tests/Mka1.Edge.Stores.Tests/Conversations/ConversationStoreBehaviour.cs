using System.Text;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Tests.Conversations;

/// <summary>What any conversation store does.</summary>
public abstract class ConversationStoreBehaviour
{
    private static readonly PageQuery Newest = new(100, Descending: true);

    protected abstract IConversationStore Store { get; }

    [Fact]
    public async Task What_was_added_is_found_as_it_was()
    {
        var conversation = NewConversation(NewOwner(), """{"topic":"a\u0000 é 😀","n":"1"}""");
        var item = NewItem("hello");
        await Store.AddAsync(conversation, [item]);
        var found = await Store.FindAsync(conversation.Owner, conversation.Id);
        Assert.Equal((conversation.Id, conversation.Owner, conversation.CreatedAt), (found!.Id, found.Owner, found.CreatedAt));
        Assert.Equal(conversation.Metadata.ToArray(), found.Metadata.ToArray());
        Assert.Equal(item.Body.ToArray(), Assert.Single(await AllItemsAsync(conversation)).Body.ToArray());
    }

    [Theory]
    [InlineData("{\"text\":\"a\\u0000b\"}")]
    [InlineData("{ \"n\" : 1.00, \"m\":1E2 ,\"text\":\"\\ud83d\\ude00 ' \\\\ 😀 \u2028\"}")]
    public async Task Bytes_of_items_survive(string body)
    {
        var conversation = await AddAsync(NewOwner());
        var item = new ConversationItem(NewId(), Encoding.UTF8.GetBytes(body), "a\0b ' ; -- \\ 😀");
        Assert.True(await Store.AppendAsync(conversation.Owner, Append(conversation.Id, item)));
        var found = await Store.FindItemAsync(conversation.Owner, conversation.Id, item.Id);
        Assert.Equal(body, Encoding.UTF8.GetString(found!.Body.Span));
    }

    [Fact]
    public async Task An_item_says_which_response_it_came_with()
    {
        var conversation = await AddAsync(NewOwner());
        await Store.AppendAsync(conversation.Owner, new ConversationAppend(conversation.Id, "resp_1", [NewItem("a")]));
        await Store.AppendAsync(conversation.Owner, new ConversationAppend(conversation.Id, null, [NewItem("b")]));
        Assert.Equal(["resp_1", null], (await AllItemsAsync(conversation)).Select(i => i.ResponseId));
    }

    [Fact]
    public async Task To_another_tenant_or_end_user_nothing_is_there()
    {
        var owner = new Owner(NewId(), "alice");
        var conversation = await AddAsync(owner, NewItem("secret"));
        var item = (await AllItemsAsync(conversation))[0];
        foreach (var stranger in new[] { owner with { EndUser = "bob" }, owner with { EndUser = null }, owner with { TenantId = NewId() }, new Owner("", "alice") })
        {
            Assert.Null(await Store.FindAsync(stranger, conversation.Id));
            Assert.Empty((await Store.ListAsync(stranger, Newest, null, null))!.Entries);
            Assert.Empty((await Store.ListAsync(stranger, Newest, null, "secret"))!.Entries);
            Assert.Null(await Store.ListAsync(stranger, Newest with { After = conversation.Id }, null, null));
            Assert.Null(await Store.ListAsync(stranger, Newest with { Before = conversation.Id }, null, null));
            Assert.Null(await Store.SetMetadataAsync(stranger, conversation.Id, "{}"u8.ToArray()));
            Assert.False(await Store.AppendAsync(stranger, Append(conversation.Id, NewItem("b"))));
            Assert.Null(await Store.ListItemsAsync(stranger, conversation.Id, Newest));
            Assert.Null(await Store.FindItemAsync(stranger, conversation.Id, item.Id));
            Assert.Empty(await Store.FindItemsAsync(stranger, [item.Id]));
            Assert.Null(await Store.DeleteItemsAsync(stranger, conversation.Id, [item.Id]));
            Assert.False(await Store.DeleteAsync(stranger, conversation.Id));
        }

        Assert.Equal(item.Id, Assert.Single(await AllItemsAsync(conversation)).Id);
    }

    [Fact]
    public async Task After_deletion_nothing_of_it_is_there()
    {
        var conversation = await AddAsync(NewOwner(), NewItem("findme"));
        var (owner, id) = (conversation.Owner, conversation.Id);
        var item = (await AllItemsAsync(conversation))[0];
        Assert.True(await Store.DeleteAsync(owner, id));
        Assert.False(await Store.DeleteAsync(owner, id));
        Assert.Null(await Store.FindAsync(owner, id));
        Assert.Empty((await Store.ListAsync(owner, Newest, null, null))!.Entries);
        Assert.Empty((await Store.ListAsync(owner, Newest, null, "findme"))!.Entries);
        Assert.Null(await Store.ListAsync(owner, Newest with { After = id }, null, null));
        Assert.Null(await Store.SetMetadataAsync(owner, id, "{}"u8.ToArray()));
        Assert.False(await Store.AppendAsync(owner, Append(id, NewItem("b"))));
        Assert.Null(await Store.ListItemsAsync(owner, id, Newest));
        Assert.Null(await Store.FindItemAsync(owner, id, item.Id));
        Assert.Empty(await Store.FindItemsAsync(owner, [item.Id]));
        Assert.Null(await Store.DeleteItemsAsync(owner, id, [item.Id]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("a\0b")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\ud800")]
    public async Task An_id_that_names_nothing_finds_nothing(string id)
    {
        var conversation = await AddAsync(NewOwner(), NewItem("a"));
        var owner = conversation.Owner;
        Assert.Null(await Store.FindAsync(owner, id));
        Assert.Null(await Store.ListAsync(owner, Newest with { After = id }, null, null));
        Assert.Null(await Store.ListItemsAsync(owner, id, Newest));
        Assert.Null(await Store.ListItemsAsync(owner, conversation.Id, Newest with { Before = id }));
        Assert.Null(await Store.FindItemAsync(owner, conversation.Id, id));
        Assert.Empty(await Store.FindItemsAsync(owner, [id]));
        Assert.Null(await Store.DeleteItemsAsync(owner, conversation.Id, [id]));
        Assert.Null(await Store.SetMetadataAsync(owner, id, "{}"u8.ToArray()));
        Assert.False(await Store.AppendAsync(owner, Append(id, NewItem("a"))));
        Assert.False(await Store.DeleteAsync(owner, id));
    }

    [Fact]
    public async Task An_append_and_new_metadata_move_a_conversation_to_the_top()
    {
        var owner = NewOwner();
        var (a, b, c) = (await AddAsync(owner), await AddAsync(owner), await AddAsync(owner));
        Assert.Equal([c.Id, b.Id, a.Id], await IdsAsync(owner, Newest));
        await Store.AppendAsync(owner, Append(a.Id, NewItem("x")));
        Assert.Equal([a.Id, c.Id, b.Id], await IdsAsync(owner, Newest));
        await Store.SetMetadataAsync(owner, b.Id, "{}"u8.ToArray());
        Assert.Equal([c.Id, a.Id, b.Id], await IdsAsync(owner, Newest with { Descending = false }));
        await Store.DeleteItemsAsync(owner, a.Id, [(await AllItemsAsync(a))[0].Id]);
        Assert.Equal([a.Id, b.Id, c.Id], await IdsAsync(owner, Newest));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_of_conversations_join_without_gap_or_overlap_in_both_directions(bool descending)
    {
        var owner = NewOwner();
        var all = new List<string>();
        for (var i = 0; i < 7; i++) all.Add((await AddAsync(owner)).Id);
        if (descending) all.Reverse();
        await AssertWalksAsync(all, descending, async query =>
        {
            var page = await Store.ListAsync(owner, query, null, null);
            return new Page<string>([.. page!.Entries.Select(c => c.Id)], page.HasMore);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_of_items_join_without_gap_or_overlap_in_both_directions(bool descending)
    {
        var items = Enumerable.Range(0, 7).Select(i => NewItem($"{i}")).ToArray();
        var conversation = await AddAsync(NewOwner(), items);
        var all = items.Select(i => i.Id).ToList();
        if (descending) all.Reverse();
        await AssertWalksAsync(all, descending, async query =>
        {
            var page = await Store.ListItemsAsync(conversation.Owner, conversation.Id, query);
            return new Page<string>([.. page!.Entries.Select(i => i.Id)], page.HasMore);
        });
    }

    [Fact]
    public async Task An_item_of_another_conversation_is_no_cursor()
    {
        var owner = NewOwner();
        var item = NewItem("a");
        await AddAsync(owner, item);
        var other = await AddAsync(owner, NewItem("b"));
        Assert.Null(await Store.ListItemsAsync(owner, other.Id, Newest with { After = item.Id }));
        Assert.Null(await Store.ListItemsAsync(owner, other.Id, Newest with { Before = item.Id }));
    }

    [Fact]
    public async Task Appends_at_once_stay_whole_and_lose_nothing()
    {
        const int writers = 16, appends = 20, size = 5;
        var conversation = await AddAsync(NewOwner());
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < appends; i++)
            {
                var items = Enumerable.Range(0, size).Select(n => new ConversationItem($"{writer}-{i}-{n}", "{}"u8.ToArray(), "")).ToArray();
                Assert.True(await Store.AppendAsync(conversation.Owner, Append(conversation.Id, items)));
            }
        })));

        var ids = (await AllItemsAsync(conversation)).Select(i => i.Id).ToList();
        Assert.Equal(writers * appends * size, ids.Distinct().Count());
        var groups = ids.Chunk(size).ToList();
        Assert.All(groups, group =>
        {
            var head = group[0][..^2];
            Assert.Equal(Enumerable.Range(0, size).Select(n => $"{head}-{n}"), group);
        });
        foreach (var own in groups.GroupBy(g => g[0].Split('-')[0]))
            Assert.Equal(Enumerable.Range(0, appends).Select(i => $"{own.Key}-{i}-0"), own.Select(g => g[0]));
    }

    [Fact]
    public async Task An_append_that_is_repeated_changes_nothing()
    {
        var conversation = await AddAsync(NewOwner());
        var append = Append(conversation.Id, NewItem("a"), NewItem("b"));
        Assert.True(await Store.AppendAsync(conversation.Owner, append));
        var more = NewItem("c");
        Assert.True(await Store.AppendAsync(conversation.Owner, append with { Items = [.. append.Items, more, more] }));
        Assert.Equal([.. append.Items.Select(i => i.Id), more.Id], (await AllItemsAsync(conversation)).Select(i => i.Id));
    }

    [Fact]
    public async Task Items_are_deleted_all_or_none()
    {
        var items = Enumerable.Range(0, 4).Select(i => NewItem($"{i}")).ToArray();
        var conversation = await AddAsync(NewOwner(), items);
        var (owner, id) = (conversation.Owner, conversation.Id);
        Assert.Null(await Store.DeleteItemsAsync(owner, id, [items[0].Id, NewId()]));
        Assert.Equal(4, (await AllItemsAsync(conversation)).Count);
        var after = await Store.DeleteItemsAsync(owner, id, [items[1].Id, items[2].Id, items[1].Id], _ => """{"gone":"2"}"""u8.ToArray());
        Assert.Equal("""{"gone":"2"}""", Encoding.UTF8.GetString(after!.Metadata.Span));
        Assert.Equal([items[0].Id, items[3].Id], (await AllItemsAsync(conversation)).Select(i => i.Id));
        Assert.Null(await Store.FindItemAsync(owner, id, items[1].Id));
        Assert.Null(await Store.DeleteItemsAsync(owner, id, [items[1].Id]));
        var kept = await Store.DeleteItemsAsync(owner, id, [items[0].Id]);
        Assert.Equal("""{"gone":"2"}""", Encoding.UTF8.GetString(kept!.Metadata.Span));
        await Store.AppendAsync(owner, Append(id, items[1]));
        Assert.Equal([items[3].Id, items[1].Id], (await AllItemsAsync(conversation)).Select(i => i.Id));
    }

    [Fact]
    public async Task Items_are_found_by_id_in_any_of_the_owners_conversations()
    {
        var owner = NewOwner();
        var (a, b, foreign) = (NewItem("a"), NewItem("b"), NewItem("c"));
        await AddAsync(owner, a);
        await AddAsync(owner, b);
        await AddAsync(NewOwner(), foreign);
        var found = await Store.FindItemsAsync(owner, [b.Id, foreign.Id, a.Id, NewId(), b.Id]);
        Assert.Equal([b.Id, a.Id], found.Select(i => i.Id));
    }

    [Fact]
    public async Task Metadata_filters_by_all_of_its_pairs()
    {
        var owner = NewOwner();
        var both = NewConversation(owner, """{"a":"1\u0000","b":"2"}""");
        var one = NewConversation(owner, """{"a":"1\u0000"}""");
        foreach (var conversation in new[] { both, one, NewConversation(owner) }) await Store.AddAsync(conversation, []);
        Assert.Equal([one.Id, both.Id], await IdsAsync(owner, Newest, new() { ["a"] = "1\0" }));
        Assert.Equal([both.Id], await IdsAsync(owner, Newest, new() { ["b"] = "2", ["a"] = "1\0" }));
        Assert.Empty(await IdsAsync(owner, Newest, new() { ["a"] = "2" }));
        Assert.Empty(await IdsAsync(owner, Newest, new() { ["ab"] = "12" }));
        await Store.SetMetadataAsync(owner, one.Id, """{"b":"2"}"""u8.ToArray());
        Assert.Equal([one.Id, both.Id], await IdsAsync(owner, Newest, new() { ["b"] = "2" }));
        Assert.Equal([one.Id], await IdsAsync(owner, new PageQuery(1, Descending: true), new() { ["b"] = "2" }));
        Assert.Equal([both.Id], await IdsAsync(owner, Newest with { After = one.Id }, new() { ["b"] = "2" }));
    }

    [Theory]
    [InlineData("The QUICK brown-fox", "quick", true)]
    [InlineData("The quick brown-fox", "FOX the", true)]
    [InlineData("The quick brown-fox", "qui", false)]
    [InlineData("The quick brown-fox", "quick dog", false)]
    [InlineData("ÉTUDE ΛΌΓΟΣ ПРИВЕТ", "étude λόγος привет", true)]
    [InlineData("اردو کا متن", "اردو", true)]
    [InlineData("नमस्ते दुनिया", "दुनिया", true)]
    [InlineData("今天 天气", "天气", true)]
    [InlineData("zero\0byte", "byte", true)]
    [InlineData("see https://Example.com/a-b?c=d, mail me@example.org", "example com me@example.org", true)]
    [InlineData("{\"city\":\"Paris\",\"n\":-3.14}", "paris 3.14", true)]
    [InlineData("a & b | c ! d ( e", "& | ! ( ) : * ' <-> \\ a e", true)]
    [InlineData("plain", "& | ! ( ) : * '' <->", false)]
    [InlineData("plain", "\0", false)]
    [InlineData("\ud83d\ude00 smile \ud800", "smile", true)]
    public async Task Search_finds_whole_words_in_any_script(string text, string search, bool found)
    {
        var owner = NewOwner();
        await AddAsync(owner, NewItem("other"));
        var conversation = await AddAsync(owner, NewItem("unrelated"), NewItem(text));
        Assert.Equal(found ? [conversation.Id] : [], await IdsAsync(owner, Newest, null, search));
    }

    [Fact]
    public async Task Search_wants_all_words_in_one_item_and_sees_no_deleted_ones()
    {
        var owner = NewOwner();
        var (first, second) = (NewItem("red apple"), NewItem("green pear"));
        var conversation = await AddAsync(owner, first, second);
        Assert.Empty(await IdsAsync(owner, Newest, null, "red pear"));
        Assert.Equal([conversation.Id], await IdsAsync(owner, Newest, null, "apple red"));
        await Store.DeleteItemsAsync(owner, conversation.Id, [first.Id]);
        Assert.Empty(await IdsAsync(owner, Newest, null, "red"));
    }

    [Fact]
    public async Task A_text_with_more_words_than_an_index_takes_is_kept_and_found_by_its_beginning()
    {
        var text = "begin " + string.Join(' ', Enumerable.Range(0, 300_000).Select(i => $"w{i}-x{i}.é"));
        var conversation = await AddAsync(NewOwner(), NewItem(text), NewItem(new string('z', 3_000_000)), NewItem(string.Concat(Enumerable.Range(0, 65_000).Select(i => (char)(0x4e00 + (i % 20000)) + " "))));
        Assert.Equal([conversation.Id], await IdsAsync(conversation.Owner, Newest, null, "begin w7"));
    }

    protected static Owner NewOwner() => new(NewId(), null);

    protected static string NewId() => Guid.NewGuid().ToString("N");

    protected static StoredConversation NewConversation(Owner owner, string metadata = "{}") =>
        new("conv_" + NewId(), owner, 1_700_000_000, Encoding.UTF8.GetBytes(metadata));

    protected static ConversationItem NewItem(string text) => new("item_" + NewId(), "{}"u8.ToArray(), text);

    protected static ConversationAppend Append(string id, params ConversationItem[] items) => new(id, null, items);

    protected async Task<StoredConversation> AddAsync(Owner owner, params ConversationItem[] items)
    {
        var conversation = NewConversation(owner);
        await Store.AddAsync(conversation, items);
        return conversation;
    }

    protected async Task<IReadOnlyList<ConversationItem>> AllItemsAsync(StoredConversation conversation) =>
        (await Store.ListItemsAsync(conversation.Owner, conversation.Id, new PageQuery(10_000, Descending: false)))!.Entries;

    private static async Task AssertWalksAsync(List<string> all, bool descending, Func<PageQuery, Task<Page<string>>> list)
    {
        // Forwards, page by page.
        var seen = new List<string>();
        for (Page<string>? page = null; page is null || page.HasMore;)
        {
            page = await list(new PageQuery(3, descending, After: seen.LastOrDefault()));
            seen.AddRange(page.Entries);
        }

        Assert.Equal(all, seen);

        // Backwards from the last one; each page keeps the list's order.
        seen = [all[^1]];
        for (Page<string>? page = null; page is null || page.HasMore;)
        {
            page = await list(new PageQuery(2, descending, Before: seen[0]));
            seen.InsertRange(0, page.Entries);
        }

        Assert.Equal(all, seen);

        var between = await list(new PageQuery(2, descending, After: all[1], Before: all[5]));
        Assert.Equal(all[2..4], between.Entries);
        Assert.True(between.HasMore);
        Assert.Equal(all[2..5], (await list(new PageQuery(3, descending, After: all[1], Before: all[5]))).Entries);
        Assert.Empty((await list(new PageQuery(2, descending, After: all[^1]))).Entries);
        Assert.Empty((await list(new PageQuery(2, descending, After: all[5], Before: all[1]))).Entries);
    }

    private async Task<IReadOnlyList<string>> IdsAsync(Owner owner, PageQuery query, Dictionary<string, string>? metadata = null, string? search = null) =>
        [.. (await Store.ListAsync(owner, query, metadata, search))!.Entries.Select(c => c.Id)];
}
