using System.Text.Json;
using System.Text.RegularExpressions;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a tenant's administrators make, rotate and revoke its keys, each takes effect at once, and a key is shown once.</summary>
public sealed partial class ManagesKeysTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly CountingKeyStore _store = new();
    private GatewayFixture _gateway = null!;
    private ApiClient _admin = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync(config => config, _clock, services => services.AddSingleton<IKeyStore>(_store));
        _admin = new ApiClient(_gateway, TestKeys.AcmeAdmin);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_new_key_serves_at_once_and_is_shown_once()
    {
        var made = await _admin.CallAsync("POST", "/keys", """{"id":"ci","models":["mka1-mini-quantized"],"on_behalf_of":"forbidden","limits":{"requests":[{"window":"day","limit":1000}],"concurrency":5},"disconnect_grace_seconds":2}""");
        var key = made.GetProperty("key").GetString()!;
        Assert.True(ApiKeyFormat.IsWellFormed(key));
        Assert.Equal(["mka1-mini-quantized"], ApiClient.Ids(await new ApiClient(_gateway, key).CallAsync("GET", "/models")));
        await new ApiClient(_gateway, key, "alice").RefusedAsync("GET", "/models", 403);
        await new ApiClient(_gateway, key).RefusedAsync("GET", "/keys", 403);

        var seen = await _admin.CallAsync("GET", "/keys/ci");
        Assert.Equal(("api_key", "active", "store", false), (Text(seen, "object"), Text(seen, "status"), Text(seen, "source"), seen.GetProperty("admin").GetBoolean()));
        Assert.False(seen.TryGetProperty("key", out _));
        Assert.Equal("mk-…" + key[^4..], Text(seen.GetProperty("secrets")[0], "hint"));
        Assert.Equal(5, seen.GetProperty("limits").GetProperty("concurrency").GetInt32());
        Shows(seen, key);
    }

    [Fact]
    public async Task Rotation_lets_both_keys_in_until_the_overlap_is_over()
    {
        var first = await CreateAsync("""{"id":"r"}""");
        var second = (await _admin.CallAsync("POST", "/keys/r/rotate", """{"overlap_seconds":3600}""")).GetProperty("key").GetString()!;
        await AcceptsAsync(first);
        await AcceptsAsync(second);
        _clock.Advance(TimeSpan.FromSeconds(3599));
        await AcceptsAsync(first);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await RefusesAsync(first);
        await AcceptsAsync(second);
        Assert.Equal(["expired", "active"], (await _admin.CallAsync("GET", "/keys/r")).GetProperty("secrets").EnumerateArray().Select(secret => Text(secret, "status")));
    }

    [Fact]
    public async Task One_secret_is_revoked_or_the_whole_key()
    {
        var first = await CreateAsync("""{"id":"v"}""");
        var rotated = await _admin.CallAsync("POST", "/keys/v/rotate");
        var second = rotated.GetProperty("key").GetString()!;
        await _admin.RefusedAsync("DELETE", "/keys/v?secret=sec_0", 404);
        await _admin.CallAsync("DELETE", $"/keys/v?secret={rotated.GetProperty("secrets")[0].GetProperty("id").GetString()}");
        await RefusesAsync(first);
        await AcceptsAsync(second);
        Assert.Equal("revoked", Text(await _admin.CallAsync("DELETE", "/keys/v"), "status"));
        await RefusesAsync(second);
        Assert.Equal("revoked", Text(await _admin.CallAsync("DELETE", "/keys/v"), "status"));
        await _admin.RefusedAsync("POST", "/keys/v/rotate", 404);
        await _admin.RefusedAsync("POST", "/keys", 400, """{"id":"v"}""", "invalid_value", "id");
    }

    [Fact]
    public async Task Keys_of_the_configuration_are_rotated_and_revoked_live_too()
    {
        var second = (await _admin.CallAsync("POST", "/keys/main/rotate", """{"overlap_seconds":60}""")).GetProperty("key").GetString()!;
        await AcceptsAsync(TestKeys.Acme);
        await AcceptsAsync(second);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await RefusesAsync(TestKeys.Acme);
        await AcceptsAsync(second);
        Assert.Equal("config", Text(await _admin.CallAsync("GET", "/keys/main"), "source"));
        await _admin.CallAsync("DELETE", "/keys/quantized-only");
        await RefusesAsync(TestKeys.QuantizedOnly);
    }

    [Fact]
    public async Task Unknown_expired_revoked_and_not_yet_known_keys_get_the_same_bytes()
    {
        var revoked = await CreateAsync("""{"id":"x"}""");
        await _admin.CallAsync("DELETE", "/keys/x");
        var expiring = await CreateAsync($$"""{"id":"y","expires_at":{{_clock.GetUtcNow().AddSeconds(1).ToUnixTimeSeconds()}}}""");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var bodies = new HashSet<string>();
        foreach (var key in (string[])[TestKeys.Unknown, TestKeys.Expired, revoked, expiring, "mk-junk"])
            bodies.Add(await new ApiClient(_gateway, key).RefusedAsync("GET", "/models", 401, code: "invalid_api_key"));
        Assert.Single(bodies);
    }

    [Fact]
    public async Task Lists_show_the_tenants_own_keys_in_pages_by_their_hints()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add(await CreateAsync($$"""{"id":"n{{i}}"}"""));
        var globex = new ApiClient(_gateway, TestKeys.GlobexAdmin);
        await globex.CallAsync("POST", "/keys", """{"id":"theirs"}""");

        var ids = await _admin.WalkAsync("/keys", 3);
        Assert.Equal(["n4", "n3", "n2", "n1", "n0"], ids.Take(5));
        Assert.Contains("main", ids);
        Assert.DoesNotContain("theirs", ids);
        Assert.Equal(["admin", "main", "theirs"], (await globex.WalkAsync("/keys", 50)).Order());
        Shows(await _admin.CallAsync("GET", "/keys?limit=100"), [.. made]);
        await _admin.RefusedAsync("GET", "/keys?after=theirs", 400, param: "after");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("""{"id":"a b"}""", "id")]
    [InlineData("""{"id":""}""", "id")]
    [InlineData("""{"id":"a/b"}""", "id")]
    [InlineData("""{"id":".."}""", "id")]
    [InlineData("""{"id":"main"}""", "id")]
    [InlineData("""{"id":"a","id":"b"}""", null)]
    [InlineData("""{"id":"\ud800"}""", null)]
    [InlineData("""{"tenant_id":"globex"}""", "tenant_id")]
    [InlineData("""{"model":["mka1-mini"]}""", "model")]
    [InlineData("""{"models":"mka1-mini"}""", "models")]
    [InlineData("""{"models":["gone"]}""", "models[0]")]
    [InlineData("""{"models":[null]}""", null)]
    [InlineData("""{"models":null}""", "models")]
    [InlineData("""{"endpoints":["admin"]}""", "endpoints[0]")]
    [InlineData("""{"on_behalf_of":"sometimes"}""", "on_behalf_of")]
    [InlineData("""{"admin":"yes"}""", "admin")]
    [InlineData("""{"admin":true,"on_behalf_of":"required"}""", "on_behalf_of")]
    [InlineData("""{"expires_at":1}""", "expires_at")]
    [InlineData("""{"expires_at":-1}""", "expires_at")]
    [InlineData("""{"expires_at":9223372036854775807}""", "expires_at")]
    [InlineData("""{"expires_at":1e400}""", "expires_at")]
    [InlineData("""{"limits":{"concurrency":0}}""", null)]
    [InlineData("""{"limits":{"requests":[{"window":"year","limit":1}]}}""", null)]
    [InlineData("""{"disconnect_grace_seconds":3601}""", "disconnect_grace_seconds")]
    [InlineData("""{"delegation_public_keys":["AAAA"]}""", null)]
    public async Task What_cannot_be_a_key_is_refused_by_the_name_of_what_is_wrong(string body, string? param)
    {
        var count = (await _admin.WalkAsync("/keys", 100)).Count;
        await _admin.RefusedAsync("POST", "/keys", 400, body, param: param);
        Assert.Equal(count, (await _admin.WalkAsync("/keys", 100)).Count);
    }

    [Theory]
    [InlineData("""{"overlap_seconds":-1}""")]
    [InlineData("""{"overlap_seconds":2592001}""")]
    [InlineData("""{"overlap":5}""")]
    public async Task What_cannot_be_an_overlap_is_refused(string body) => await _admin.RefusedAsync("POST", "/keys/main/rotate", 400, body);

    [Fact]
    public async Task Another_gateway_on_the_same_store_follows_within_two_seconds()
    {
        await using var other = await GatewayFixture.StartAsync(config => config, _clock, services => services.AddSingleton<IKeyStore>(_store));
        var key = await CreateAsync("""{"id":"shared"}""");
        var there = new ApiClient(other, key);
        await there.RefusedAsync("GET", "/models", 401);
        await FollowsAsync(async () => (await there.SendAsync("GET", "/models")).IsSuccessStatusCode);
        await _admin.CallAsync("DELETE", "/keys/shared");
        await FollowsAsync(async () => !(await there.SendAsync("GET", "/models")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Neither_junk_nor_unknown_keys_nor_known_ones_cost_a_look_up()
    {
        var before = _store.Calls;
        for (var i = 0; i < 200; i++)
        {
            await new ApiClient(_gateway, "mk-" + Guid.NewGuid().ToString("N") + "000000").RefusedAsync("GET", "/models", 401);
            await new ApiClient(_gateway, ApiKeyFormat.Create()).RefusedAsync("GET", "/models", 401);
            await AcceptsAsync(TestKeys.Acme);
        }

        Assert.Equal(before, _store.Calls);
    }

    [Fact]
    public async Task While_the_store_is_away_keys_stay_as_they_are_and_that_is_said_once()
    {
        var key = await CreateAsync("""{"id":"stays"}""");
        _store.Away = true;
        await TicksAsync(3);
        await AcceptsAsync(key);
        await _admin.RefusedAsync("POST", "/keys", 503, "{}", "store_unavailable");
        Assert.Single(_gateway.Log.Lines, line => line.EventId == 1100);
        _store.Away = false;
        await TicksAsync(1);
        Assert.Equal(2, _gateway.Log.Lines.Count(line => line.EventId == 1101));
    }

    [Fact]
    public async Task Before_keys_could_be_read_an_unknown_one_is_told_to_come_back()
    {
        var away = new CountingKeyStore { Away = true };
        await using var gateway = await GatewayFixture.StartAsync(config => config, _clock, services => services.AddSingleton<IKeyStore>(away));
        await new ApiClient(gateway, TestKeys.Acme).CallAsync("GET", "/models");
        await new ApiClient(gateway, TestKeys.Unknown).RefusedAsync("GET", "/models", 503, code: "store_unavailable");
        await new ApiClient(gateway, "mk-junk").RefusedAsync("GET", "/models", 401);
    }

    [Fact]
    public async Task A_key_whose_settings_nobody_knows_is_out_of_use()
    {
        var key = ApiKeyFormat.Create();
        var secret = new StoredSecret("sec_1", ApiKeyFormat.Hash(key), "", _clock.GetUtcNow());
        await _store.CreateAsync("acme", "later", """{"models":[],"onlyOnSundays":true}"""u8.ToArray(), secret);
        await TicksAsync(1);
        await RefusesAsync(key);
        Assert.Single(_gateway.Log.Lines, line => line.EventId == 1102);
        Assert.Equal("unusable", Text(await _admin.CallAsync("GET", "/keys/later"), "status"));
    }

    [Fact]
    public async Task No_key_stands_in_a_log_line_or_an_answer_but_the_one_that_made_it()
    {
        var keys = new List<string> { await CreateAsync("""{"id":"canary"}""") };
        keys.Add((await _admin.CallAsync("POST", "/keys/canary/rotate")).GetProperty("key").GetString()!);
        var answers = new List<string>();
        foreach (var key in keys)
        {
            using var served = await new ApiClient(_gateway, key).SendAsync("POST", "/responses", GatewayFixture.Hello());
            answers.Add(await served.Content.ReadAsStringAsync());
            answers.Add(await new ApiClient(_gateway, key).RefusedAsync("GET", "/keys", 403));
            answers.Add(await new ApiClient(_gateway, key + "x").RefusedAsync("GET", "/models", 401));
        }

        answers.Add((await _admin.CallAsync("GET", "/keys")).GetRawText());
        answers.Add((await _admin.CallAsync("DELETE", "/keys/canary")).GetRawText());
        foreach (var key in keys) answers.Add(await new ApiClient(_gateway, key).RefusedAsync("GET", "/models", 401));
        foreach (var key in keys)
        {
            Assert.DoesNotContain(answers, answer => answer.Contains(key[3..^6], StringComparison.Ordinal));
            Assert.DoesNotContain(_gateway.Log.Lines, line => line.Text.Contains(key[3..^6], StringComparison.Ordinal));
        }
    }

    private async Task<string> CreateAsync(string body) => (await _admin.CallAsync("POST", "/keys", body)).GetProperty("key").GetString()!;

    private async Task AcceptsAsync(string key) => await new ApiClient(_gateway, key).CallAsync("GET", "/models");

    private async Task RefusesAsync(string key) => await new ApiClient(_gateway, key).RefusedAsync("GET", "/models", 401, code: "invalid_api_key");

    /// <summary>Lets the feed read a number of times.</summary>
    private async Task TicksAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var read = _store.NextReadAsync();
            await _clock.AdvanceUntilAsync(read, TimeSpan.FromSeconds(1));
        }

        // The reading that is under way is not yet taken in: the next one begins behind it.
        await _clock.AdvanceUntilAsync(_store.NextReadAsync(), TimeSpan.FromSeconds(1));
    }

    private async Task FollowsAsync(Func<Task<bool>> so)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        var began = _clock.GetUtcNow();
        while (!await so())
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromSeconds(2));

            // Reading goes on in the background; the clock stands still meanwhile.
            for (var i = 0; i < 100 && !await so(); i++) await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Neither a key nor its hash stands in what is shown.</summary>
    private static void Shows(JsonElement shown, params string[] keys)
    {
        var text = shown.GetRawText();
        Assert.DoesNotMatch(Hash(), text);
        Assert.All(keys, key => Assert.DoesNotContain(key[3..^6], text, StringComparison.Ordinal));
    }

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;

    [GeneratedRegex("[0-9a-fA-F]{64}")]
    private static partial Regex Hash();
}
