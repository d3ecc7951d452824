using Dapper;
using Mka1.Edge.Stores.Responses;
using Npgsql;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Responses;

public sealed class PostgresResponseStoreTests(PostgresStores stores) : ResponseStoreBehaviour(stores), IClassFixture<PostgresStores>
{
    [Fact]
    public async Task Additions_that_come_together_share_transactions()
    {
        var owner = NewOwner();
        var additions = Enumerable.Range(0, 1000).Select(_ => Ended(owner)).ToList();
        var (operations, transactions) = (stores.PostgresResponses.Additions.Operations, stores.PostgresResponses.Additions.Transactions);

        await Task.WhenAll(additions.Select(a => stores.Responses.AddAsync(a).AsTask()));

        Assert.Equal(1000, stores.PostgresResponses.Additions.Operations - operations);
        Assert.InRange(stores.PostgresResponses.Additions.Transactions - transactions, 1, 500);
        Assert.Equal(["1000"], await stores.SqlAsync("SELECT count(*)::text FROM response WHERE tenant = @tenant", new { tenant = owner.TenantId }));
    }

    [Fact]
    public async Task A_bad_one_among_many_fails_alone()
    {
        var owner = NewOwner();
        var good = Enumerable.Range(0, 100).Select(_ => Ended(owner)).ToList();
        var bad = Background(owner);
        bad = bad with { Run = bad.Run! with { KeyId = "no\0key" } };

        var tasks = good.Select(a => stores.Responses.AddAsync(a).AsTask()).ToList();
        var failing = stores.Responses.AddAsync(bad).AsTask();
        tasks.AddRange(good[..50].Select(_ => Ended(owner)).Select(a => stores.Responses.AddAsync(a).AsTask()));

        await Assert.ThrowsAsync<PostgresException>(() => failing);
        await Task.WhenAll(tasks);
        foreach (var addition in good) Assert.NotNull(await stores.Responses.FindAsync(owner, addition.Response.Id));
        Assert.Null(await stores.Responses.FindAsync(owner, bad.Response.Id));
    }

    [Fact]
    public async Task The_addition_of_a_caller_who_gives_up_is_carried_out()
    {
        var addition = Ended(NewOwner());
        using var gaveUp = new CancellationTokenSource();
        var adding = stores.Responses.AddAsync(addition, gaveUp.Token).AsTask();
        await gaveUp.CancelAsync();
        await Record.ExceptionAsync(() => adding);

        await Eventually(async () => await stores.Responses.FindAsync(addition.Response.Owner, addition.Response.Id) is not null);
    }

    [Fact]
    public async Task Appends_of_two_responses_to_one_conversation_never_interleave()
    {
        var owner = NewOwner();
        string[] conversations = [NewId("conv"), NewId("conv")];
        foreach (var conversation in conversations) await stores.AddConversationAsync(owner, conversation);
        // Another process has a batcher of its own.
        await using var other = new PostgresResponseStore(stores.Database, TimeProvider.System);
        var appends = Enumerable.Range(0, 120).Select(n =>
        {
            var addition = Ended(owner);
            var conversation = conversations[n % 2];
            addition = addition with { Conversation = Append(conversation, addition.Response.Id, [.. Enumerable.Range(0, 5).Select(i => $"{n}:{i}")]) };
            return (n % 3 == 0 ? other : stores.Responses).AddAsync(addition).AsTask();
        });

        await Task.WhenAll(appends);

        for (var c = 0; c < 2; c++)
        {
            var items = (await stores.EffectsAsync("", conversations[c])).Items;
            Assert.Equal(300, items.Count);
            foreach (var five in items.Chunk(5))
            {
                var n = five[0].Split(':')[0];
                Assert.Equal(Enumerable.Range(0, 5).Select(i => $"{n}:{i}"), five);
            }
        }
    }

    [Fact]
    public async Task The_run_and_the_items_carry_the_time_of_their_response()
    {
        var running = Background(NewOwner()) with { ItemIds = [NewId("msg")] };
        await stores.Responses.AddAsync(running);

        var times = await stores.SqlAsync(
            """
            SELECT stored_at::text FROM response WHERE id = @id
            UNION SELECT stored_at::text FROM run WHERE response_id = @id
            UNION SELECT stored_at::text FROM response_item WHERE response_id = @id
            """,
            new { id = running.Response.Id });

        Assert.Single(times);
    }

    [Fact]
    public async Task A_response_is_looked_up_by_its_id_and_not_among_all_of_its_owner()
    {
        // No statistics, as on any morning: the planner takes one index for as good as the other.
        var sql = PostgresResponseStore.FindById.Replace("$1", "'t'", StringComparison.Ordinal)
            .Replace("$2", "''", StringComparison.Ordinal).Replace("$3", "'resp_x'", StringComparison.Ordinal);

        var plan = await stores.SqlAsync("EXPLAIN " + sql);

        Assert.Contains(plan, line => line.Contains("pkey", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("tenant_end_user", StringComparison.Ordinal) || line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commits_wait_for_the_disk() => Assert.Equal(
        "on", await stores.Database.RunAsync((connection, _) => connection.QuerySingleAsync<string>("SHOW synchronous_commit")));

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition()) await Task.Delay(10, patience.Token);
    }
}
