using System.Security.Cryptography;
using System.Text;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Stores.Tests.Keys;

/// <summary>Promise: a key is what was last done to it, for everybody who reads, and nobody reads a key itself.</summary>
public abstract class KeyStoreBehaviour
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected abstract IKeyStore Store { get; }

    [Fact]
    public async Task A_key_comes_back_as_it_was_made()
    {
        var tenant = NewTenant();
        var secret = NewSecret() with { ExpiresAt = Now.AddDays(1) };
        var made = await Store.CreateAsync(tenant, "k", Settings, secret);
        Assert.Equal((tenant, "k", Now, null), (made!.TenantId, made.Id, made.CreatedAt, made.RevokedAt));
        Assert.Equal(Settings, made.Settings!.Value.ToArray());
        Same(secret, Assert.Single(made.Secrets));
        var read = Assert.Single(await Store.ListAsync(tenant));
        Assert.Equal(made.Version, read.Version);
        Same(secret, Assert.Single(read.Secrets));
    }

    [Fact]
    public async Task A_name_is_given_once_in_a_tenant()
    {
        var tenant = NewTenant();
        await CreateAsync(tenant, "k");
        Assert.Null(await Store.CreateAsync(tenant, "k", Settings, NewSecret()));
        Assert.NotNull(await Store.CreateAsync(NewTenant(), "k", Settings, NewSecret()));
        Assert.Single((await Store.ListAsync(tenant)).Single().Secrets);
    }

    [Fact]
    public async Task Of_many_who_want_one_name_one_gets_it()
    {
        var tenant = NewTenant();
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await Store.CreateAsync(tenant, "k", Settings, NewSecret()))));
        Assert.Single(made, key => key is not null);
        Assert.Single((await Store.ListAsync(tenant)).Single().Secrets);
    }

    [Fact]
    public async Task Rotation_adds_a_secret_and_gives_the_earlier_ones_an_end()
    {
        var tenant = NewTenant();
        var first = await CreateAsync(tenant, "k");
        var (second, third) = (NewSecret(1), NewSecret(2));
        await Store.RotateAsync(tenant, "k", second, Now.AddHours(24), null);
        var key = await Store.RotateAsync(tenant, "k", third, Now.AddHours(1), null);
        Assert.Equal([first.Secrets[0].Id, second.Id, third.Id], key!.Secrets.Select(secret => secret.Id));
        Assert.Equal([Now.AddHours(1), Now.AddHours(1), null], key.Secrets.Select(secret => secret.ExpiresAt));

        // A later rotation never prolongs what was to end earlier.
        key = await Store.RotateAsync(tenant, "k", NewSecret(3), Now.AddHours(48), null);
        Assert.Equal([Now.AddHours(1), Now.AddHours(1), Now.AddHours(48), null], key!.Secrets.Select(secret => secret.ExpiresAt));
    }

    [Fact]
    public async Task One_secret_is_revoked_or_the_whole_key_and_stays_so()
    {
        var tenant = NewTenant();
        var first = (await CreateAsync(tenant, "k")).Secrets[0];
        await Store.RotateAsync(tenant, "k", NewSecret(1), Now.AddHours(1), null);
        var one = await Store.RevokeAsync(tenant, "k", first.Id, Now.AddMinutes(1), null);
        Assert.Equal([Now.AddMinutes(1), null], one!.Secrets.Select(secret => secret.RevokedAt));
        Assert.Null(one.RevokedAt);
        var all = await Store.RevokeAsync(tenant, "k", null, Now.AddMinutes(2), null);
        Assert.Equal(Now.AddMinutes(2), all!.RevokedAt);
        var again = await Store.RevokeAsync(tenant, "k", null, Now.AddMinutes(3), null);
        Assert.Equal(Now.AddMinutes(2), again!.RevokedAt);
        Assert.Null(await Store.RotateAsync(tenant, "k", NewSecret(2), Now, null));
        Assert.Null(await Store.CreateAsync(tenant, "k", Settings, NewSecret(3)));
    }

    [Fact]
    public async Task Another_tenants_key_or_secret_is_not_there()
    {
        var tenant = NewTenant();
        var secret = (await CreateAsync(tenant, "k")).Secrets[0];
        var other = NewTenant();
        Assert.Null(await Store.RotateAsync(other, "k", NewSecret(), Now, null));
        Assert.Null(await Store.RevokeAsync(other, "k", null, Now, null));
        Assert.Null(await Store.RevokeAsync(tenant, "other", null, Now, null));
        await CreateAsync(tenant, "other");
        Assert.Null(await Store.RevokeAsync(tenant, "other", secret.Id, Now, null));
        Assert.Empty(await Store.ListAsync(other));
        Assert.All(await Store.ListAsync(tenant), key => Assert.Null(key.RevokedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("\udc00")]
    public async Task A_name_that_names_nothing_finds_nothing(string name)
    {
        Assert.Null(await Store.RotateAsync(name, "k", NewSecret(), Now, null));
        Assert.Null(await Store.RevokeAsync(NewTenant(), name, null, Now, null));
        Assert.Empty(await Store.ListAsync(name));
    }

    [Fact]
    public async Task A_key_of_the_configuration_is_taken_in_when_something_is_done_to_it()
    {
        var tenant = NewTenant();
        var configured = NewSecret();
        var rotated = await Store.RotateAsync(tenant, "k", NewSecret(1), Now.AddHours(24), configured);
        Assert.Null(rotated!.Settings);
        Assert.Equal([Now.AddHours(24), null], rotated.Secrets.Select(secret => secret.ExpiresAt));
        Same(configured with { ExpiresAt = Now.AddHours(24) }, rotated.Secrets[0]);
        var revoked = await Store.RevokeAsync(tenant, "k", configured.Id, Now, configured);
        Assert.Equal([Now, null], revoked!.Secrets.Select(secret => secret.RevokedAt));
        Assert.Equal(Now, (await Store.RevokeAsync(tenant, "fresh", null, Now, NewSecret(2)))!.RevokedAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_the_configuration_gives_another_name_takes_along_what_was_done_to_it(bool whole)
    {
        var tenant = NewTenant();
        var configured = NewSecret();
        await Store.RevokeAsync(tenant, "old", whole ? null : configured.Id, Now, configured);
        var all = await Store.ReadAsync(null);
        var renamed = await Store.RotateAsync(tenant, "new", NewSecret(1), Now.AddHours(24), configured);
        Assert.Equal([Now, null], renamed!.Secrets.Select(secret => secret.RevokedAt));
        Assert.Equal(configured.Hash.ToArray(), renamed.Secrets[0].Hash.ToArray());
        Assert.Null(renamed.RevokedAt);

        var read = (await Store.ReadAsync(all.Until)).Keys.Where(key => key.TenantId == tenant).ToDictionary(key => key.Id);
        Assert.Empty(read["old"].Secrets);
        Assert.Equal(2, read["new"].Secrets.Count);
        Assert.Null(await Store.RevokeAsync(tenant, "newest", "sec_unknown", Now, configured));
        Assert.Contains((await Store.ListAsync(tenant)).SelectMany(key => key.Secrets), secret => secret.RevokedAt == Now);
    }

    [Fact]
    public async Task Readers_get_what_has_changed_since_they_read()
    {
        var tenant = NewTenant();
        await CreateAsync(tenant, "a");
        await CreateAsync(tenant, "b");
        var all = await Store.ReadAsync(null);
        Assert.Equal(["a", "b"], all.Keys.Where(key => key.TenantId == tenant).Select(key => key.Id));
        var before = all.Keys.Single(key => key.TenantId == tenant && key.Id == "b").Version;

        var changed = await Store.RevokeAsync(tenant, "b", null, Now, null);
        var since = await Store.ReadAsync(all.Until);
        var read = since.Keys.Single(key => key.TenantId == tenant && key.Id == "b");
        Assert.Equal((changed!.Version, Now), (read.Version, read.RevokedAt));
        Assert.True(read.Version > before);
        Assert.True(since.Until >= all.Until);
        Assert.Single(read.Secrets);
    }

    protected static string NewTenant() => Guid.NewGuid().ToString("N");

    protected async Task<StoredKey> CreateAsync(string tenant, string name) => (await Store.CreateAsync(tenant, name, Settings, NewSecret()))!;

    private static byte[] Settings { get; } = Encoding.UTF8.GetBytes("""{"models":["a"]}""");

    private static StoredSecret NewSecret(int minute = 0)
    {
        var id = Guid.NewGuid().ToString("N");
        return new StoredSecret("sec_" + id, SHA256.HashData(Encoding.UTF8.GetBytes(id)), "mk-…" + id[..4], Now.AddMinutes(minute));
    }

    private static void Same(StoredSecret expected, StoredSecret actual)
    {
        Assert.Equal(expected.Hash.ToArray(), actual.Hash.ToArray());
        Assert.Equal(expected with { Hash = default }, actual with { Hash = default });
    }
}
