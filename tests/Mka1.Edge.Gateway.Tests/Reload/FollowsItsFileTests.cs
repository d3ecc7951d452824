using System.Net;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Reload;

/// <summary>Promise: a changed configuration file counts for what comes from then on, whole or not at all, and hurts nothing that has begun.</summary>
public sealed class FollowsItsFileTests : IAsyncLifetime, IDisposable
{
    private readonly ConfigFolder _folder = new();
    private readonly ScriptedUpstream _other = new();
    private GatewayFixture _gateway = null!;
    private AdminClient _operator = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.FollowAsync(_folder.Path, Quick);
        _operator = new AdminClient(_gateway);
    }

    public async Task DisposeAsync()
    {
        _operator.Dispose();
        await _gateway.DisposeAsync();
        await _other.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Ways => ["rename", "edit", "swap"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task However_the_file_is_changed_it_is_taken_up(string way)
    {
        var before = await _operator.StatusAsync();
        Assert.Equal(("start", _folder.Path, 0), (before.Source, before.File, before.Applied));
        for (var i = 1; i <= 3; i++)
        {
            var text = _gateway.Text(config => Quick(config) with { Compatibility = new() { MaxToolCalls = i } });
            Change(way, text);
            var now = await _operator.UntilAsync(status => status.Applied == i);
            Assert.Equal(("file", Version(text)), (now.Source, now.Version));
            using var answer = JsonDocument.Parse(await (await _gateway.PostAsync(GatewayFixture.Hello())).Content.ReadAsStringAsync());
            Assert.Equal(i, answer.RootElement.GetProperty("max_tool_calls").GetInt32());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_broken_file_changes_nothing_and_says_what_is_wrong(string way)
    {
        var before = await _operator.StatusAsync();
        Change(way, _gateway.Text(Quick).Replace("\"compatibility\"", "\"compatibilty\"", StringComparison.Ordinal));
        var refused = await _operator.UntilAsync(status => status.Refused == 1);
        Assert.Contains("compatibilty: there is no such key. Did you mean 'compatibility'?", Assert.Single(refused.Fault!), StringComparison.Ordinal);
        Assert.Equal((before.Version, before.Since), (refused.Version, refused.Since));
        Assert.True((await _gateway.PostAsync(GatewayFixture.Hello())).IsSuccessStatusCode);
        Assert.Contains("compatibilty: there is no such key", (await _gateway.Log.WaitForAsync(line => line.EventId == 2401)).Text, StringComparison.Ordinal);

        // Of the right shape and without sense, the same.
        Change(way, _gateway.Text(config => Quick(config) with { Pools = new Dictionary<string, PoolConfig>() }));
        refused = await _operator.UntilAsync(status => status.Refused == 2);
        Assert.Contains(refused.Fault!, fault => fault.Contains("there is no pool 'dense'", StringComparison.Ordinal));

        // Put right again, the fault is over, and is still told among those that were.
        Change(way, _gateway.Text(Quick));
        var whole = await _operator.UntilAsync(status => status.Fault is null);
        Assert.Equal((before.Version, 2, 0), (whole.Version, whole.Faults, whole.Applied));
    }

    [Fact]
    public async Task A_file_that_goes_away_changes_nothing_until_it_is_back()
    {
        File.Delete(_folder.Path);
        var refused = await _operator.UntilAsync(status => status.Fault is not null);
        Assert.Contains(_folder.Path, Assert.Single(refused.Fault!), StringComparison.Ordinal);
        Assert.True((await _gateway.PostAsync(GatewayFixture.Hello())).IsSuccessStatusCode);
        _folder.Edit(_gateway.Text(config => Quick(config) with { Compatibility = new() { MaxToolCalls = 5 } }));
        Assert.Equal("file", (await _operator.UntilAsync(status => status.Applied == 1)).Source);
    }

    [Fact]
    public async Task A_stream_goes_on_while_its_pool_and_its_key_go()
    {
        var go = new TaskCompletionSource();
        var events = Transcript.Text("one ", "two").ToList();
        _gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in events.Take(5)) await call.ChunkAsync(e.ToString());
            await go.Task.Soon();
            foreach (var e in events.Skip(5)) await call.ChunkAsync(e.ToString());
            await call.EndAsync();
        });
        using var answer = await _gateway.OpenAsync(GatewayFixture.Hello(stream: true, extra: "\"store\":false"));
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Contains("response.created", await reader.ReadLineAsync().Soon(), StringComparison.Ordinal);

        _other.Play(Scripts.Completed("from the other"));
        _folder.Rename(_gateway.Text(Elsewhere));
        await _operator.UntilAsync(status => status.Applied == 1);

        // What begins now goes elsewhere, and the old key is none any more.
        Assert.Equal(HttpStatusCode.Unauthorized, (await _gateway.PostAsync(GatewayFixture.Hello())).StatusCode);
        var later = await _gateway.PostAsync(GatewayFixture.Hello(), TestKeys.Globex);
        Assert.Contains("from the other", await later.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(_other.Calls);

        go.SetResult();
        var rest = Wire.Events(await reader.ReadToEndAsync().Soon());
        Assert.Equal("response.completed", rest.Last(e => e.Name.Length > 0).Name);
    }

    [Fact]
    public async Task Limits_of_bodies_and_origins_of_pages_follow()
    {
        _folder.Edit(_gateway.Text(config => Quick(config) with { Limits = new() { MaxRequestBytes = 1024 }, Cors = new() { Origins = ["https://app.example.com"] } }));
        await _operator.UntilAsync(status => status.Applied == 1);
        using var answer = await _gateway.PostAsync(GatewayFixture.Hello(extra: $"\"instructions\":\"{new string('x', 2000)}\""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose, "The rest of the body is left unread, so the connection is of no more use.");
        using var page = GatewayFixture.Create(GatewayFixture.Hello());
        page.Headers.Add("Origin", "https://app.example.com");
        using var allowed = await _gateway.Client.SendAsync(page);
        Assert.Equal("https://app.example.com", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));

        _folder.Edit(_gateway.Text(config => Quick(config) with { Limits = new() { MaxRequestBytes = 64 * 1024 * 1024 } }));
        await _operator.UntilAsync(status => status.Applied == 2);
        var large = new string('x', 40 * 1024 * 1024);
        using var whole = await _gateway.PostAsync(GatewayFixture.Hello(extra: $"\"metadata\":{{}},\"unknown\":\"{large}\""));
        Assert.True(whole.IsSuccessStatusCode, await whole.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_needs_a_restart_is_named_and_the_rest_counts()
    {
        _folder.Edit(_gateway.Text(config => Quick(config) with { Stores = new() { LeaseSeconds = 9, MaxChainLength = 7 }, Safety = new() { HashKey = "another secret of some length" } }));
        var now = await _operator.UntilAsync(status => status.Applied == 1);
        Assert.Equal(["safety.hashKey", "stores.leaseSeconds"], now.NeedsRestart);
        _folder.Edit(_gateway.Text(Quick));
        Assert.Empty((await _operator.UntilAsync(status => status.Applied == 2)).NeedsRestart);
    }

    [Fact]
    public async Task Who_is_known_by_a_random_secret_is_known_after_a_reload()
    {
        var secret = Secret();
        _folder.Edit(_gateway.Text(config => Quick(config) with { Compatibility = new() { MaxToolCalls = 3 } }));
        await _operator.UntilAsync(status => status.Applied == 1);
        Assert.Equal(secret, Secret());
    }

    private string Secret()
    {
        var snapshot = _gateway.App.Services.GetRequiredService<EdgeConfiguration>().Current;
        return Convert.ToHexString(snapshot.SafetyHashKey) + Convert.ToHexString(snapshot.CacheHashKey);
    }

    private void Change(string way, string text)
    {
        switch (way)
        {
            case "rename":
                _folder.Rename(text);
                break;
            case "edit":
                _folder.Edit(text);
                break;
            default:
                _folder.Swap(text);
                break;
        }
    }

    private static string Version(string text) => EdgeSnapshot.VersionOf(EdgeConfigFile.Parse(text));

    private static EdgeConfig Quick(EdgeConfig config) => config with { Admin = Operator.Config, Reload = new() { LookMilliseconds = 50 } };

    private EdgeConfig Elsewhere(EdgeConfig config) => Quick(config) with
    {
        Pools = new Dictionary<string, PoolConfig> { ["elsewhere"] = GatewayFixture.Pool(_other) },
        Families = new Dictionary<string, FamilyConfig>
        {
            [GatewayFixture.Family] = new()
            {
                Default = "dense",
                Variants = new Dictionary<string, VariantConfig> { ["dense"] = new() { Model = "mka1-mini-dense", Pool = "elsewhere" } },
            },
        },
        Tenants = new Dictionary<string, TenantConfig> { ["globex"] = new() { Keys = new Dictionary<string, KeyConfig> { ["main"] = GatewayFixture.Key(TestKeys.Globex) } } },
    };
}
