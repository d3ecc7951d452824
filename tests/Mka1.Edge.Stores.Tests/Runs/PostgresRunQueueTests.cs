using Mka1.Edge.Stores.Tests.Responses;
using static Mka1.Edge.Stores.Tests.Responses.Sample;

namespace Mka1.Edge.Stores.Tests.Runs;

public sealed class PostgresRunQueueTests(PostgresStores stores) : RunQueueBehaviour(stores), IClassFixture<PostgresStores>
{
    [Fact]
    public async Task A_long_queue_of_one_tenant_is_neither_slow_nor_in_the_way()
    {
        var (big, small) = (NewOwner(), NewOwner());
        for (var i = 0; i < 20; i++) await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => stores.Responses.AddAsync(Background(big)).AsTask()));
        var ids = await QueueAsync(small, 3);
        var began = TimeProvider.System.GetTimestamp();

        var claimed = await stores.Runs.ClaimAsync(NewId("replica"), 6, 100);

        // Milliseconds; the bound leaves room for a machine under load, but not for reading the queue for each slot.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(ids, claimed.Where(r => r.Response.Owner == small).Select(r => r.Response.Id));
        Assert.Equal(3, claimed.Count(r => r.Response.Owner == big));
        await stores.SqlAsync("DELETE FROM run WHERE tenant = @tenant", new { tenant = big.TenantId });
    }

    [Fact]
    public async Task What_was_claimed_in_a_call_whose_reply_got_lost_is_handed_out_by_the_next()
    {
        var owner = NewOwner();
        var ids = await QueueAsync(owner, 3);
        var replica = NewId("replica");
        await stores.Runs.BeatAsync(replica, TimeSpan.FromMinutes(5));
        // The claim is carried out, and reading the claimed runs waits until the caller gives up.
        using var gaveUp = new CancellationTokenSource();
        var blocked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var blocker = stores.Database.RunInTransactionAsync(async (connection, token) =>
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "LOCK TABLE response IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync(token);
            blocked.SetResult();
            await release.Task;
            return true;
        });
        await blocked.Task;
        var claiming = stores.Runs.ClaimAsync(replica, 2, 10, gaveUp.Token).AsTask();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await stores.Runs.QueuedAsync() != 1) await Task.Delay(5, patience.Token);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claiming);
        release.SetResult();
        await blocker;

        var found = await stores.Runs.ClaimAsync(replica, 2, 10);
        Assert.Equal(ids[..2], found.Select(r => r.Response.Id));
        Assert.Equal(ids[2..], (await stores.Runs.ClaimAsync(replica, 2, 10)).Select(r => r.Response.Id));
        Assert.Empty(await stores.Runs.ClaimAsync(replica, 2, 10));
    }
}
