using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Mka1.Edge.Gateway.Tests.Identity;

/// <summary>Promise: the ring is what was last heard of each key, in whatever order it was heard.</summary>
[Collection(MemoryCollection.Name)]
public sealed class KeyRingTests(ITestOutputHelper output)
{
    private const int Tenants = 10_000;

    /// <summary>What one key in the ring may take. Measured: about 680.</summary>
    private const long BytesPerKey = 1_500;

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Settings = KeyCompiler.Write(new KeyConfig());

    [Fact]
    public void Known_unknown_and_junk_keys_are_told_apart()
    {
        var key = ApiKeyFormat.Create();
        var ring = Directory(out _, Stored("acme", "k", 1, key)).Ring;
        string[] tried = [key, ApiKeyFormat.Create(), key[..^1], "junk", ""];
        Assert.Equal([true, false, false, false, false], tried.Select(one => ring.Find(one) is not null));
    }

    [Fact]
    public void Ten_thousand_tenants_take_a_bounded_amount_of_memory()
    {
        var stored = Enumerable.Range(0, Tenants).Select(i => Stored($"tenant-{i}", "main", i + 1, ApiKeyFormat.Create())).ToList();
        var directories = new List<KeyDirectory>();
        var each = new List<long>();

        // What earlier tests leave behind is let go of at some time: that falls into one round or another, and the median knows nothing of it.
        for (var round = 0; round < 9; round++)
        {
            var directory = Directory(out var empty);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            directory.Apply(stored);
            each.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / Tenants);
            directories.Add(directory);
            Assert.Equal(Tenants, directory.Ring.Count - empty);
        }

        var bytes = each.Order().ElementAt(each.Count / 2);
        output.WriteLine($"{bytes} bytes a key.");
        Assert.InRange(bytes, 1, BytesPerKey);
        GC.KeepAlive(stored);
        GC.KeepAlive(directories);
    }

    [Fact]
    public void What_comes_late_changes_nothing()
    {
        var key = ApiKeyFormat.Create();
        var made = Stored("acme", "k", 1, key);
        var directory = Directory(out _, made, made with { Version = 3, RevokedAt = Now }, made with { Version = 2 });
        Assert.Null(directory.Ring.Find(key));
    }

    [Fact]
    public void A_key_that_has_not_changed_stays_the_same_object()
    {
        var made = Stored("acme", "k", 1, ApiKeyFormat.Create());
        var directory = Directory(out _, made);
        var before = directory.Ring.FindById("acme", "k");
        directory.Apply([made, Stored("acme", "other", 2, ApiKeyFormat.Create())]);
        directory.Replace(new KeyChanges([made], 5));
        Assert.Same(before, directory.Ring.FindById("acme", "k"));
    }

    [Fact]
    public void A_full_reading_lets_go_of_what_is_gone_but_not_of_what_was_made_since()
    {
        var (gone, fresh) = (ApiKeyFormat.Create(), ApiKeyFormat.Create());
        var directory = Directory(out _, Stored("acme", "gone", 1, gone), Stored("acme", "fresh", 9, fresh));
        directory.Replace(new KeyChanges([], 5));
        Assert.Null(directory.Ring.Find(gone));
        Assert.NotNull(directory.Ring.Find(fresh));
    }

    [Fact]
    public void The_stores_word_on_a_secret_of_the_configuration_counts()
    {
        var key = ApiKeyFormat.Create();
        var config = new EdgeConfig
        {
            Tenants = new Dictionary<string, TenantConfig> { ["acme"] = new() { Keys = new Dictionary<string, KeyConfig> { ["k"] = new() { Hash = ApiKeyFormat.HashText(key) } } } },
        };
        var directory = new KeyDirectory(new EdgeConfiguration(EdgeSnapshot.Build(config)), NullLogger<KeyDirectory>.Instance);
        Assert.Null(directory.Ring.Find(key)!.Grant.ExpiresAt);

        var second = ApiKeyFormat.Create();
        var rotated = Stored("acme", "k", 1, key) with { Settings = null };
        rotated = rotated with { Secrets = [rotated.Secrets[0] with { ExpiresAt = Now }, Stored("acme", "k", 1, second).Secrets[0]] };
        directory.Apply([rotated]);
        Assert.Equal(Now, directory.Ring.Find(key)!.Grant.ExpiresAt);
        Assert.Null(directory.Ring.Find(second)!.Grant.ExpiresAt);
        Assert.Null(directory.Ring.FindById("acme", "k")!.Grant.ExpiresAt);

        directory.Apply([rotated with { Version = 2, Secrets = [rotated.Secrets[0] with { RevokedAt = Now }, rotated.Secrets[1]] }]);
        Assert.Null(directory.Ring.Find(key));
        Assert.NotNull(directory.Ring.Find(second));

        directory.Apply([rotated with { Version = 3, RevokedAt = Now }]);
        Assert.Null(directory.Ring.Find(second));
        Assert.Null(directory.Ring.FindById("acme", "k"));
    }

    [Fact]
    public void A_new_name_in_the_configuration_brings_no_secret_back()
    {
        var (revoked, ending, whole) = (ApiKeyFormat.Create(), ApiKeyFormat.Create(), ApiKeyFormat.Create());
        var config = new EdgeConfig
        {
            Tenants = new Dictionary<string, TenantConfig>
            {
                ["acme"] = new()
                {
                    Keys = new Dictionary<string, KeyConfig>
                    {
                        ["a"] = new() { Hash = ApiKeyFormat.HashText(revoked) }, ["b"] = new() { Hash = ApiKeyFormat.HashText(ending) }, ["c"] = new() { Hash = ApiKeyFormat.HashText(whole) },
                    },
                },
            },
        };
        var directory = new KeyDirectory(new EdgeConfiguration(EdgeSnapshot.Build(config)), NullLogger<KeyDirectory>.Instance);
        Assert.All(new[] { revoked, ending, whole }, key => Assert.NotNull(directory.Ring.Find(key)));
        var (one, two) = (Stored("acme", "old-a", 1, revoked) with { Settings = null }, Stored("acme", "old-b", 1, ending) with { Settings = null });
        directory.Apply(
        [
            one with { Secrets = [one.Secrets[0] with { RevokedAt = Now }] },
            two with { Secrets = [two.Secrets[0] with { ExpiresAt = Now }] },
            Stored("acme", "old-c", 1, whole) with { Settings = null, RevokedAt = Now },
        ]);
        Assert.Null(directory.Ring.Find(revoked));
        Assert.Equal(Now, directory.Ring.Find(ending)!.Grant.ExpiresAt);
        Assert.Null(directory.Ring.Find(whole));
    }

    [Fact]
    public void A_key_taken_in_from_a_configuration_that_no_longer_has_it_is_out_of_use()
    {
        var key = ApiKeyFormat.Create();
        Assert.Null(Directory(out _, Stored("acme", "k", 1, key) with { Settings = null }).Ring.Find(key));
    }

    [Fact]
    public void The_earlier_of_two_ends_counts()
    {
        var key = ApiKeyFormat.Create();
        var settings = KeyCompiler.Write(new KeyConfig { ExpiresAt = Now });
        var stored = Stored("acme", "k", 1, key) with { Settings = settings };
        Assert.Equal(Now, Directory(out _, stored with { Secrets = [stored.Secrets[0] with { ExpiresAt = Now.AddDays(1) }] }).Ring.Find(key)!.Grant.ExpiresAt);
        Assert.Equal(Now.AddDays(-1), Directory(out _, stored with { Secrets = [stored.Secrets[0] with { ExpiresAt = Now.AddDays(-1) }] }).Ring.Find(key)!.Grant.ExpiresAt);
    }

    [Fact]
    public void Settings_come_back_from_the_store_as_they_were()
    {
        var settings = new KeyConfig
        {
            Models = ["a"], Endpoints = ["responses"], Admin = true, OnBehalfOf = OnBehalfOfRule.Forbidden, ExpiresAt = Now, Concurrency = 5,
            Requests = [new() { Window = "day", Limit = 7 }], Cost = [new() { Window = "month", Limit = 0.5m }], DisconnectGraceSeconds = 1.5,
        };
        Assert.Equal(KeyCompiler.Write(settings), KeyCompiler.Write(KeyCompiler.Read(KeyCompiler.Write(settings))!));
    }

    [Fact]
    public void What_was_used_lately_is_remembered_up_to_a_number()
    {
        var cache = new RecentlyUsed<int, string>(100);
        for (var i = 0; i < 1000; i++)
        {
            cache.Set(i, $"{i}");
            Assert.True(cache.TryGet(0, out _) || i >= 50, $"{i}");
            Assert.InRange(cache.Count, 1, 100);
        }

        Assert.True(cache.TryGet(0, out var kept));
        Assert.Equal("0", kept);
        Assert.True(cache.TryGet(999, out _));
        Assert.False(cache.TryGet(500, out _));
    }

    private static KeyDirectory Directory(out int configured, params StoredKey[] stored)
    {
        var directory = new KeyDirectory(new EdgeConfiguration(EdgeSnapshot.Build(new EdgeConfig())), NullLogger<KeyDirectory>.Instance);
        configured = directory.Ring.Count;
        foreach (var key in stored) directory.Apply([key]);
        return directory;
    }

    private static StoredKey Stored(string tenant, string name, long version, string key) => new(
        tenant, name, Settings, Now, null, [new StoredSecret("sec_1", ApiKeyFormat.Hash(key), ApiKeyFormat.Hint(key), Now)], version);
}
