using Mka1.Edge.Stores.Paging;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Responses;

public sealed class MemoryResponseStoreTests() : ResponseStoreBehaviour(new MemoryStores())
{
    [Fact]
    public async Task The_one_that_ended_first_goes_first_and_a_run_never()
    {
        var stores = new MemoryStores(capacity: 3);
        var owner = NewOwner();
        var item = NewId("msg");
        var running = Background(owner, "replica");
        await stores.Responses.AddAsync(running);
        var ended = Enumerable.Range(0, 5).Select(_ => Ended(owner, null, item)).ToList();
        foreach (var addition in ended) await stores.Responses.AddAsync(addition);

        var left = (await stores.Responses.ListAsync(owner, new PageQuery(10, false)))!.Entries.Select(e => e.Id);

        Assert.Equal([running.Response.Id, .. ended[2..].Select(e => e.Response.Id)], left);
        Assert.Equal(3, (await stores.Responses.FindByItemsAsync(owner, [item])).Count);
        Assert.True(await stores.Runs.FinishAsync(Ending(running)));
        Assert.Null(await stores.Responses.FindAsync(owner, ended[2].Response.Id));
        Assert.NotNull(await stores.Responses.FindAsync(owner, running.Response.Id));
    }
}
