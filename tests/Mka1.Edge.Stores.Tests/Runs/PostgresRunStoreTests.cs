using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Tests.Responses;
using Npgsql;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Runs;

public sealed class PostgresRunStoreTests(PostgresStores stores) : RunStoreBehaviour(stores), IClassFixture<PostgresStores>
{
    [Fact]
    public async Task Runs_that_end_together_share_transactions_and_a_bad_one_fails_alone()
    {
        var owner = NewOwner();
        var running = Enumerable.Range(0, 400).Select(_ => Background(owner, "replica")).ToList();
        await Task.WhenAll(running.Select(a => stores.Responses.AddAsync(a).AsTask()));
        var conversation = NewId("conv");
        await stores.AddConversationAsync(owner, conversation);
        var transactions = stores.PostgresRuns.Endings.Transactions;

        var results = await Task.WhenAll(running.Skip(1).Select(a => stores.Runs.FinishAsync(Ending(a)).AsTask()));

        Assert.All(results, Assert.True);
        Assert.InRange(stores.PostgresRuns.Endings.Transactions - transactions, 1, 200);

        var more = Enumerable.Range(0, 50).Select(_ => Background(owner, "replica")).ToList();
        await Task.WhenAll(more.Select(a => stores.Responses.AddAsync(a).AsTask()));
        var good = more.Select(a => stores.Runs.FinishAsync(Ending(a)).AsTask()).ToList();
        var bad = stores.Runs.FinishAsync(Ending(running[0]) with { Conversation = Append(conversation, null, "no\0id") }).AsTask();
        good.AddRange(more.Select(a => stores.Runs.FinishAsync(Ending(a)).AsTask()));

        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.All(await Task.WhenAll(good), Assert.True);
        // What failed left nothing behind: the run can still end.
        Assert.True(await stores.Runs.FinishAsync(Ending(running[0])));
    }

    [Fact]
    public async Task Two_processes_that_end_runs_of_the_same_conversations_do_not_lock_each_other_out()
    {
        var owner = NewOwner();
        await using var other = new PostgresRunStore(stores.Database, TimeProvider.System);
        var conversations = Enumerable.Range(0, 10).Select(_ => NewId("conv")).ToList();
        foreach (var conversation in conversations) await stores.AddConversationAsync(owner, conversation);
        var running = Enumerable.Range(0, 400).Select(_ => Background(owner, "replica")).ToList();
        await Task.WhenAll(running.Select(a => stores.Responses.AddAsync(a).AsTask()));
        var deadlocks = await DeadlocksAsync();

        var results = await Task.WhenAll(running.Select((a, n) => (n % 2 == 0 ? other : stores.Runs).FinishAsync(
            Ending(a) with { Conversation = Append(conversations[n * 7 % 10], a.Response.Id, $"{n}:0", $"{n}:1") }).AsTask()));

        Assert.All(results, Assert.True);
        foreach (var conversation in conversations)
        {
            var items = (await stores.EffectsAsync("", conversation)).Items;
            Assert.Equal(80, items.Count);
            Assert.All(items.Chunk(2), pair => Assert.Equal(pair[0].Replace(":0", ":1", StringComparison.Ordinal), pair[1]));
        }

        Assert.Equal(deadlocks, await DeadlocksAsync());
    }

    private async Task<string> DeadlocksAsync() =>
        (await stores.SqlAsync("SELECT deadlocks::text FROM pg_stat_database WHERE datname = current_database()")).Single();
}
