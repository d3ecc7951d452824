using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Idempotency;

namespace Mka1.Edge.Stores.Tests.Idempotency;

/// <summary>Promise: a key stands for one response of one owner, whoever asks and however many ask at once.</summary>
public abstract class IdempotencyStoreBehaviour
{
    private static readonly byte[] Print = [1, 2, 0, 255];

    private readonly Owner _owner = new("tenant-" + Guid.NewGuid(), "user");

    /// <summary>The store.</summary>
    protected abstract IIdempotencyStore Store { get; }

    [Fact]
    public async Task The_first_claim_is_new_and_the_second_gets_what_the_first_stands_for()
    {
        var first = await Store.ClaimAsync(_owner, "key", Print, "resp_1");
        Assert.True(first.IsNew);
        Assert.Equal("resp_1", first.ResponseId);
        var second = await Store.ClaimAsync(_owner, "key", new byte[] { 9 }, "resp_2");
        Assert.False(second.IsNew);
        Assert.Equal("resp_1", second.ResponseId);
        Assert.Equal(Print, second.Fingerprint.ToArray());
    }

    [Fact]
    public async Task Repeating_the_claim_for_the_same_response_is_still_new()
    {
        await Store.ClaimAsync(_owner, "key", Print, "resp_1");
        Assert.True((await Store.ClaimAsync(_owner, "key", Print, "resp_1")).IsNew);
    }

    [Fact]
    public async Task Of_64_claims_at_once_one_is_new_and_all_name_the_same_response()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            i => Task.Run(async () => await Store.ClaimAsync(_owner, "key", Print, $"resp_{i}"))));
        var winner = Assert.Single(claims, c => c.IsNew);
        Assert.All(claims, c => Assert.Equal(winner.ResponseId, c.ResponseId));
    }

    [Fact]
    public async Task Claims_and_releases_that_meet_leave_one_holder_at_a_time()
    {
        var holders = 0;
        var mostHolders = 0;
        var wins = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                var id = $"resp_{i}_{round}";
                if (!(await Store.ClaimAsync(_owner, "key", Print, id)).IsNew) continue;
                InterlockedMax(ref mostHolders, Interlocked.Increment(ref holders));
                Interlocked.Increment(ref wins);
                Interlocked.Decrement(ref holders);
                await Store.ReleaseAsync(_owner, "key", id);
            }
        })));
        Assert.Equal(1, mostHolders);
        Assert.True(wins >= 1);
        Assert.True((await Store.ClaimAsync(_owner, "key", Print, "resp_last")).IsNew);
    }

    [Fact]
    public async Task The_same_key_of_another_owner_is_another_key()
    {
        Assert.True((await Store.ClaimAsync(_owner, "key", Print, "resp_1")).IsNew);
        Assert.True((await Store.ClaimAsync(_owner with { EndUser = "other" }, "key", Print, "resp_2")).IsNew);
        Assert.True((await Store.ClaimAsync(_owner with { EndUser = null }, "key", Print, "resp_3")).IsNew);
        Assert.True((await Store.ClaimAsync(_owner with { TenantId = _owner.TenantId + "x" }, "key", Print, "resp_4")).IsNew);
        Assert.True((await Store.ClaimAsync(_owner, "KEY", Print, "resp_5")).IsNew);
        Assert.Equal("resp_1", (await Store.ClaimAsync(_owner, "key", Print, "resp_6")).ResponseId);
    }

    [Fact]
    public async Task A_released_key_is_free_again()
    {
        await Store.ClaimAsync(_owner, "key", Print, "resp_1");
        await Store.ReleaseAsync(_owner, "key", "resp_1");
        Assert.True((await Store.ClaimAsync(_owner, "key", Print, "resp_2")).IsNew);
    }

    [Fact]
    public async Task Only_the_response_it_stands_for_releases_a_key_and_only_its_owner()
    {
        await Store.ClaimAsync(_owner, "key", Print, "resp_1");
        await Store.ReleaseAsync(_owner, "key", "resp_2");
        await Store.ReleaseAsync(_owner with { EndUser = null }, "key", "resp_1");
        await Store.ReleaseAsync(_owner with { TenantId = "other" }, "key", "resp_1");
        Assert.False((await Store.ClaimAsync(_owner, "key", Print, "resp_3")).IsNew);
    }

    [Fact]
    public async Task A_key_stands_for_24_hours_and_no_longer()
    {
        await Store.ClaimAsync(_owner, "key", Print, "resp_1");
        await PassAsync(_owner, TimeSpan.FromHours(23.9));
        Assert.False((await Store.ClaimAsync(_owner, "key", Print, "resp_2")).IsNew);
        await PassAsync(_owner, TimeSpan.FromHours(0.2));
        var after = await Store.ClaimAsync(_owner, "key", new byte[] { 7 }, "resp_3");
        Assert.True(after.IsNew);
        var next = await Store.ClaimAsync(_owner, "key", Print, "resp_4");
        Assert.Equal("resp_3", next.ResponseId);
        Assert.Equal([7], next.Fingerprint.ToArray());
    }

    [Fact]
    public async Task Of_many_claims_of_a_key_that_ran_out_one_is_new()
    {
        await Store.ClaimAsync(_owner, "key", Print, "resp_old");
        await PassAsync(_owner, TimeSpan.FromHours(25));
        var claims = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            i => Task.Run(async () => await Store.ClaimAsync(_owner, "key", Print, $"resp_{i}"))));
        Assert.Single(claims, c => c.IsNew);
        Assert.Single(claims.Select(c => c.ResponseId).Distinct());
    }

    [Fact]
    public async Task A_key_may_be_any_text_of_255_characters()
    {
        var key = string.Concat(Enumerable.Repeat("ا漢🙂' -", 36)) + "abc";
        Assert.Equal(255, key.Length);
        Assert.True((await Store.ClaimAsync(_owner, key, Print, "resp_1")).IsNew);
        Assert.Equal("resp_1", (await Store.ClaimAsync(_owner, key, Print, "resp_2")).ResponseId);
    }

    /// <summary>Lets time pass for the keys of an owner.</summary>
    protected abstract Task PassAsync(Owner owner, TimeSpan time);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen) { }
    }
}
