using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mka1.Edge.Gateway.Tests.Identity;

/// <summary>Promise: another configuration adds, changes and removes keys, and takes back nothing that the store has said of any.</summary>
public sealed class FollowsTheConfigurationTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly (string One, string Two, string Three) _keys = (ApiKeyFormat.Create(), ApiKeyFormat.Create(), ApiKeyFormat.Create());

    [Fact]
    public void Keys_come_change_and_go()
    {
        var directory = Directory(("one", new KeyConfig { Hash = Hash(_keys.One) }), ("two", new KeyConfig { Hash = Hash(_keys.Two) }));
        Turn(directory, ("two", new KeyConfig { Hash = Hash(_keys.Two), Concurrency = 5 }), ("three", new KeyConfig { Hash = Hash(_keys.Three) }));
        Assert.Null(directory.Ring.Find(_keys.One));
        Assert.Equal(5, directory.Ring.Find(_keys.Two)!.Limits.Concurrency);
        Assert.NotNull(directory.Ring.Find(_keys.Three));
        Assert.Null(directory.Configured("acme", "one"));
        Assert.Equal(["three", "two"], directory.Configured("acme").Select(key => key.Grant.KeyId));
    }

    [Fact]
    public void What_does_not_change_stays_the_same_object()
    {
        var directory = Directory(("one", new KeyConfig { Hash = Hash(_keys.One), Models = [] }), ("two", new KeyConfig { Hash = Hash(_keys.Two) }));
        var before = directory.Ring.FindById("acme", "one");
        Turn(directory, ("one", new KeyConfig { Hash = Hash(_keys.One), Models = [] }));
        Assert.Same(before, directory.Ring.FindById("acme", "one"));
    }

    [Fact]
    public void A_secret_moves_from_one_name_to_another_in_either_order()
    {
        foreach (var (from, to) in new[] { ("a", "b"), ("b", "a") })
        {
            var directory = Directory((from, new KeyConfig { Hash = Hash(_keys.One) }), (to, new KeyConfig { Hash = Hash(_keys.Two) }));
            Turn(directory, (from, new KeyConfig { Hash = Hash(_keys.Three) }), (to, new KeyConfig { Hash = Hash(_keys.One) }));
            Assert.Equal((to, from), (directory.Ring.Find(_keys.One)!.Grant.KeyId, directory.Ring.Find(_keys.Three)!.Grant.KeyId));
            Assert.Null(directory.Ring.Find(_keys.Two));
        }
    }

    [Fact]
    public void A_secret_that_was_revoked_under_any_name_does_not_come_back()
    {
        var directory = Directory();
        directory.Apply([Stored("made-here", 1, _keys.One, revoked: true), Stored("ends", 2, _keys.Two, expiresAt: Now)]);
        Turn(directory, ("new-name", new KeyConfig { Hash = Hash(_keys.One) }), ("other", new KeyConfig { Hash = Hash(_keys.Two) }));
        Assert.Null(directory.Ring.Find(_keys.One));
        Assert.Equal(Now, directory.Ring.Find(_keys.Two)!.Grant.ExpiresAt);
    }

    [Fact]
    public void A_rotated_key_keeps_its_secrets_when_its_settings_change()
    {
        var directory = Directory(("one", new KeyConfig { Hash = Hash(_keys.One) }));
        var row = Stored("one", 1, _keys.One, expiresAt: Now) with { Settings = null };
        directory.Apply([row with { Secrets = [.. row.Secrets, Stored("one", 1, _keys.Two).Secrets[0]] }]);
        Turn(directory, ("one", new KeyConfig { Hash = Hash(_keys.One), Concurrency = 7 }));
        Assert.Equal((Now, 7), (directory.Ring.Find(_keys.One)!.Grant.ExpiresAt, directory.Ring.Find(_keys.One)!.Limits.Concurrency));
        Assert.Equal(7, directory.Ring.Find(_keys.Two)!.Limits.Concurrency);

        Turn(directory);
        Assert.Null(directory.Ring.Find(_keys.Two));
        Turn(directory, ("one", new KeyConfig { Hash = Hash(_keys.One) }));

        // Until the store has been read again nothing is given that it may have taken.
        Assert.True(directory.WantsAll);
        Assert.Null(directory.Ring.Find(_keys.One));
        directory.Replace(new KeyChanges([row], 1));
        Assert.False(directory.WantsAll);
        Assert.Equal(Now, directory.Ring.Find(_keys.One)!.Grant.ExpiresAt);
    }

    [Fact]
    public void A_key_of_the_store_that_the_configuration_names_stays_as_it_was_until_the_store_is_read_again()
    {
        var directory = Directory();
        directory.Apply([Stored("shared", 3, _keys.One)]);
        Turn(directory, ("shared", new KeyConfig { Hash = Hash(_keys.Two), Concurrency = 9 }));
        Assert.NotNull(directory.Ring.Find(_keys.One));
        Assert.Null(directory.Ring.Find(_keys.Two));
        Assert.True(directory.WantsAll);

        // What is older than what is known does not count, however long it was waited for.
        directory.Apply([Stored("shared", 2, _keys.Three)]);
        Assert.True(directory.WantsAll);
        directory.Replace(new KeyChanges([Stored("shared", 3, _keys.One)], 3));
        Assert.False(directory.WantsAll);
        Assert.Equal((9, 9), (directory.Ring.Find(_keys.One)!.Limits.Concurrency, directory.Ring.Find(_keys.Two)!.Limits.Concurrency));
        Assert.Null(directory.Ring.Find(_keys.Three));
    }

    [Fact]
    public void A_key_awaited_that_the_store_no_longer_has_is_the_configurations()
    {
        var directory = Directory();
        directory.Apply([Stored("shared", 3, _keys.One)]);
        Turn(directory, ("shared", new KeyConfig { Hash = Hash(_keys.Two) }));
        directory.Replace(new KeyChanges([], 5));
        Assert.False(directory.WantsAll);
        Assert.Null(directory.Ring.Find(_keys.One));
        Assert.NotNull(directory.Ring.Find(_keys.Two));
    }

    private static KeyDirectory Directory(params (string Name, KeyConfig Key)[] keys) => new(new EdgeConfiguration(Snapshot(keys)), NullLogger<KeyDirectory>.Instance);

    private static void Turn(KeyDirectory directory, params (string Name, KeyConfig Key)[] keys) => directory.Prepare(Snapshot(keys))();

    private static EdgeSnapshot Snapshot((string Name, KeyConfig Key)[] keys) => EdgeSnapshot.Build(new EdgeConfig
    {
        Tenants = new Dictionary<string, TenantConfig> { ["acme"] = new() { Keys = keys.ToDictionary(key => key.Name, key => key.Key) } },
    });

    private static string Hash(string key) => ApiKeyFormat.HashText(key);

    private static StoredKey Stored(string name, long version, string key, DateTimeOffset? expiresAt = null, bool revoked = false) => new(
        "acme", name, KeyCompiler.Write(new KeyConfig()), Now, null,
        [new StoredSecret("sec_1", ApiKeyFormat.Hash(key), ApiKeyFormat.Hint(key), Now, expiresAt, revoked ? Now : null)], version);
}
