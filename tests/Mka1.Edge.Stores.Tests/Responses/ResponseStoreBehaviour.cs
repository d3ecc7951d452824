using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Responses;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Responses;

/// <summary>What every store of responses does.</summary>
public abstract class ResponseStoreBehaviour(IStoresUnderTest stores)
{
    public static TheoryData<string?> EndUsers => ["ann", null];

    private IResponseStore Store => stores.Responses;

    [Fact]
    public async Task What_goes_in_comes_out_byte_by_byte()
    {
        var odd = Json("{\"text\":\"\0 \ud83d\ude00 \u2028\",\"raw\":\"" + new string('x', 1 << 20) + "\"}");
        var response = Response(NewOwner()) with
        {
            Status = StoredStatus.Incomplete,
            Background = true,
            PreviousResponseId = NewId(),
            ConversationId = NewId("conv"),
            Input = Json("[\"\0\"]"),
            Body = odd,
            TerminalSequence = 41,
        };
        await Store.AddAsync(new ResponseAddition(response, []));

        var found = await Store.FindAsync(response.Owner, response.Id);

        Assert.NotNull(found);
        Assert.True(odd.Span.SequenceEqual(found.Body.Span));
        Assert.True(response.Input.Span.SequenceEqual(found.Input.Span));
        Assert.Equal(response with { Body = default, Input = default }, found with { Body = default, Input = default, StoredAt = default });
        Assert.Null(found.Metadata);
        Assert.True(found.StoredAt > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task Adding_again_changes_nothing()
    {
        var owner = NewOwner();
        var conversation = NewId("conv");
        await stores.AddConversationAsync(owner, conversation);
        var addition = Ended(owner);
        addition = addition with { Conversation = Append(conversation, addition.Response.Id, "item_1"), Webhook = Webhook(addition), Ledger = Charge(addition) };
        await Store.AddAsync(addition);
        await Store.SetMetadataAsync(owner, addition.Response.Id, Json("""{"a":"b"}"""));

        await Store.AddAsync(addition);

        Assert.Equal("""{"a":"b"}""", Text((await Store.FindAsync(owner, addition.Response.Id))!.Metadata));
        Assert.Single((await Store.ListAsync(owner, new PageQuery(10, true)))!.Entries);
        var effects = await stores.EffectsAsync(addition.Response.Id, conversation);
        Assert.Equal(["item_1"], effects.Items);
        Assert.Equal([addition.Webhook.Id], effects.Webhooks);
        Assert.Equal(1, effects.LedgerRows);
    }

    [Theory]
    [MemberData(nameof(EndUsers))]
    public async Task Nobody_else_finds_lists_changes_deletes_chains_or_refers_to_a_response(string? endUser)
    {
        var owner = NewOwner(endUser);
        var item = NewId("msg");
        var addition = Ended(owner, null, item);
        var id = addition.Response.Id;
        await Store.AddAsync(addition);
        foreach (var stranger in Strangers(owner))
        {
            Assert.Null(await Store.FindAsync(stranger, id));
            Assert.Empty((await Store.ListAsync(stranger, new PageQuery(10, true)))!.Entries);
            Assert.Null(await Store.ListAsync(stranger, new PageQuery(10, true, After: id)));
            Assert.Null(await Store.ListAsync(stranger, new PageQuery(10, true, Before: id)));
            Assert.Null(await Store.SetMetadataAsync(stranger, id, Json("{}")));
            Assert.False(await Store.DeleteAsync(stranger, id));
            Assert.Null(await Store.ChainAsync(stranger, id, 10));
            Assert.Empty(await Store.FindByItemsAsync(stranger, [item]));

            var child = Ended(stranger, id);
            await Store.AddAsync(child);
            Assert.Null(await Store.ChainAsync(stranger, child.Response.Id, 10));
            Assert.True(await Store.DeleteAsync(stranger, child.Response.Id));
        }

        Assert.Null((await Store.FindAsync(owner, id))!.Metadata);
        Assert.Equal(id, Assert.Single((await Store.FindByItemsAsync(owner, [item]))).Id);
    }

    [Theory]
    [InlineData("resp_unknown")]
    [InlineData("resp_\0")]
    [InlineData("\ud800")]
    [InlineData("")]
    public async Task An_id_that_is_not_there_is_not_found(string id)
    {
        var owner = NewOwner();
        Assert.Null(await Store.FindAsync(owner, id));
        Assert.Null(await Store.ListAsync(owner, new PageQuery(10, true, After: id)));
        Assert.Null(await Store.ListAsync(owner, new PageQuery(10, true, Before: id)));
        Assert.Null(await Store.SetMetadataAsync(owner, id, Json("{}")));
        Assert.False(await Store.DeleteAsync(owner, id));
        Assert.Null(await Store.ChainAsync(owner, id, 10));
        Assert.Empty(await Store.FindByItemsAsync(owner, [id]));
    }

    [Fact]
    public async Task Pages_go_both_ways_from_any_entry()
    {
        var owner = NewOwner();
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            var addition = Ended(owner);
            await Store.AddAsync(addition);
            ids.Add(addition.Response.Id);
        }

        await Expect(new PageQuery(3, false), true, 0, 1, 2);
        await Expect(new PageQuery(3, true), true, 6, 5, 4);
        await Expect(new PageQuery(7, true), false, 6, 5, 4, 3, 2, 1, 0);
        await Expect(new PageQuery(3, false, After: ids[2]), true, 3, 4, 5);
        await Expect(new PageQuery(3, false, After: ids[3]), false, 4, 5, 6);
        await Expect(new PageQuery(3, true, After: ids[2]), false, 1, 0);
        await Expect(new PageQuery(2, false, Before: ids[4]), true, 2, 3);
        await Expect(new PageQuery(4, false, Before: ids[4]), false, 0, 1, 2, 3);
        await Expect(new PageQuery(2, true, Before: ids[2]), true, 4, 3);
        await Expect(new PageQuery(9, false, After: ids[1], Before: ids[5]), false, 2, 3, 4);
        await Expect(new PageQuery(2, true, After: ids[5], Before: ids[1]), true, 4, 3);
        await Expect(new PageQuery(3, false, After: ids[6]), false);

        async Task Expect(PageQuery query, bool more, params int[] wanted)
        {
            var page = await Store.ListAsync(owner, query);
            Assert.NotNull(page);
            Assert.Equal(wanted.Select(i => ids[i]), page.Entries.Select(e => e.Id));
            Assert.Equal(more, page.HasMore);
        }
    }

    [Fact]
    public async Task Metadata_is_replaced_whether_the_response_has_ended_or_not()
    {
        var owner = NewOwner();
        var running = Background(owner, "replica-" + NewId());
        await Store.AddAsync(running);
        await Store.SetMetadataAsync(owner, running.Response.Id, Json("""{"n":"1"}"""));
        Assert.True(await stores.Runs.FinishAsync(Ending(running)));

        var ended = await Store.FindAsync(owner, running.Response.Id);
        Assert.Equal("""{"n":"1"}""", Text(ended!.Metadata));
        var changed = await Store.SetMetadataAsync(owner, running.Response.Id, Json("""{"n":"2"}"""));

        Assert.Equal("""{"n":"2"}""", Text(changed!.Metadata));
        Assert.Equal(StoredStatus.Completed, changed.Status);
        Assert.Equal("""{"n":"2"}""", Text((await Store.FindAsync(owner, running.Response.Id))!.Metadata));
    }

    [Fact]
    public async Task A_deleted_response_is_gone_with_its_run_and_items_but_not_from_its_conversation()
    {
        var owner = NewOwner();
        var conversation = NewId("conv");
        await stores.AddConversationAsync(owner, conversation);
        var item = NewId("msg");
        var ended = Ended(owner, null, item);
        await Store.AddAsync(ended with { Conversation = Append(conversation, ended.Response.Id, item) });
        var running = Background(owner, "replica-" + NewId());
        await Store.AddAsync(running);

        Assert.True(await Store.DeleteAsync(owner, ended.Response.Id));
        Assert.True(await Store.DeleteAsync(owner, running.Response.Id));

        Assert.False(await Store.DeleteAsync(owner, ended.Response.Id));
        Assert.Null(await Store.FindAsync(owner, ended.Response.Id));
        Assert.Empty(await Store.FindByItemsAsync(owner, [item]));
        Assert.Equal([item], (await stores.EffectsAsync(ended.Response.Id, conversation)).Items);
        Assert.False(await stores.Runs.FinishAsync(Ending(running)));
        Assert.False(await stores.Runs.MarkEmittedAsync(running.Response.Id, 0));
        Assert.Null(await Store.FindAsync(owner, running.Response.Id));
    }

    [Fact]
    public async Task A_chain_is_whole_and_oldest_first()
    {
        var owner = NewOwner();
        var ids = await ChainOfAsync(owner, 5);

        var chain = await Store.ChainAsync(owner, ids[^1], 5);

        Assert.Equal(ids, chain!.Select(r => r.Id));
        Assert.Equal(ids[..3], (await Store.ChainAsync(owner, ids[2], 5))!.Select(r => r.Id));
    }

    [Fact]
    public async Task A_chain_that_is_too_long_or_broken_is_none()
    {
        var owner = NewOwner();
        var ids = await ChainOfAsync(owner, 5);

        Assert.Null(await Store.ChainAsync(owner, ids[^1], 4));
        await Store.DeleteAsync(owner, ids[1]);
        Assert.Null(await Store.ChainAsync(owner, ids[^1], 100));
        Assert.Null(await Store.ChainAsync(owner, ids[2], 100));
        Assert.Single((await Store.ChainAsync(owner, ids[0], 100))!);
    }

    [Fact]
    public async Task A_chain_through_another_end_user_is_none()
    {
        var owner = NewOwner();
        var first = Ended(owner);
        var foreign = Ended(owner with { EndUser = "bob" }, first.Response.Id);
        var last = Ended(owner, foreign.Response.Id);
        foreach (var addition in new[] { first, foreign, last }) await Store.AddAsync(addition);

        Assert.Null(await Store.ChainAsync(owner, last.Response.Id, 10));
    }

    [Fact]
    public async Task Items_lead_to_the_responses_that_hold_them_newest_first()
    {
        var owner = NewOwner();
        string[] items = [NewId("msg"), NewId("msg"), NewId("msg")];
        var older = Ended(owner, null, items[0], items[1]);
        var running = Background(owner, "replica-" + NewId());
        await Store.AddAsync(older);
        await Store.AddAsync(running with { ItemIds = [items[1], "bad\0id"] });
        Assert.True(await stores.Runs.FinishAsync(Ending(running) with { OutputItemIds = [items[2]] }));

        Assert.Equal([running.Response.Id, older.Response.Id], await IdsAsync(items[0], items[1]));
        Assert.Equal([older.Response.Id], await IdsAsync(items[0]));
        Assert.Equal([running.Response.Id], await IdsAsync(items[2]));
        Assert.Empty(await IdsAsync());

        async Task<IEnumerable<string>> IdsAsync(params string[] wanted) => (await Store.FindByItemsAsync(owner, wanted)).Select(r => r.Id);
    }

    [Fact]
    public async Task Many_at_once_are_all_there_afterwards()
    {
        var owner = NewOwner();
        var additions = Enumerable.Range(0, 300).Select(_ => Ended(owner)).ToList();

        await Task.WhenAll(additions.Select(a => Store.AddAsync(a).AsTask()));

        foreach (var addition in additions) Assert.NotNull(await Store.FindAsync(owner, addition.Response.Id));
    }

    private async Task<List<string>> ChainOfAsync(Owner owner, int length)
    {
        var ids = new List<string>();
        for (var i = 0; i < length; i++)
        {
            var addition = Ended(owner, ids.LastOrDefault());
            await Store.AddAsync(addition);
            ids.Add(addition.Response.Id);
        }

        return ids;
    }
}
