using System.Net;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Reload;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Reload;

/// <summary>Promise: an operator has the file read, or an earlier version back, and that one stays until the file changes.</summary>
public sealed class ObeysOperatorsTests : IAsyncLifetime, IDisposable
{
    private readonly ConfigFolder _folder = new();
    private GatewayFixture _gateway = null!;
    private AdminClient _operator = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.FollowAsync(_folder.Path, Still);
        _operator = new AdminClient(_gateway);
    }

    public async Task DisposeAsync()
    {
        _operator.Dispose();
        await _gateway.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_file_is_read_when_an_operator_asks()
    {
        Assert.Equal((HttpStatusCode.OK, "unchanged"), await AskAsync("reload"));
        Write(2);
        var (code, outcome, answer) = await _operator.AskAsync("reload");
        Assert.Equal((HttpStatusCode.OK, "applied"), (code, outcome));
        Assert.Contains("compatibility: changes. It has no part in routing.", answer.GetProperty("changes").EnumerateArray().Select(change => change.GetString()));
        Assert.Equal("admin", answer.GetProperty("status").GetProperty("source").GetString());

        _folder.Edit("{ broken");
        (code, outcome, answer) = await _operator.AskAsync("reload");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "refused"), (code, outcome));
        Assert.Contains(_folder.Path, Assert.Single(answer.GetProperty("faults").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.NotNull((await _operator.StatusAsync()).Fault);
    }

    [Fact]
    public async Task An_earlier_version_comes_back_and_stays_until_the_file_changes()
    {
        Assert.Equal((HttpStatusCode.Conflict, "impossible"), await AskAsync("rollback"));
        var first = (await _operator.StatusAsync()).Version;
        Write(2, watch: true);
        await AskAsync("reload");
        var second = (await _operator.StatusAsync()).Version;

        Assert.Equal((HttpStatusCode.OK, "applied"), await AskAsync("rollback"));
        var back = await _operator.StatusAsync();
        Assert.Equal((first, "rollback"), (back.Version, back.Source));
        Assert.Equal([second, first], back.Versions);
        Assert.Equal((HttpStatusCode.OK, "applied"), await AskAsync("rollback", $$"""{"version":"{{second}}"}"""));
        Assert.Equal((second, "rollback"), ((await _operator.StatusAsync()).Version, (await _operator.StatusAsync()).Source));

        // This version looks at the file: it finds it as it was when it was read.
        var watcher = _gateway.App.Services.GetRequiredService<ConfigWatcher>();
        Assert.Equal((HttpStatusCode.OK, "applied"), await AskAsync("rollback"));
        for (var i = 0; i < 3; i++) await watcher.LookAsync(default);
        Assert.Equal(first, (await _operator.StatusAsync()).Version);

        Write(3);
        for (var i = 0; i < 3; i++) await watcher.LookAsync(default);
        var now = await _operator.StatusAsync();
        Assert.Equal("file", now.Source);
        Assert.Equal([now.Version, first], now.Versions);
    }

    [Fact]
    public async Task The_file_counts_again_when_an_operator_asks_for_it()
    {
        Write(2);
        await AskAsync("reload");
        var second = (await _operator.StatusAsync()).Version;
        await AskAsync("rollback");
        Assert.Equal((HttpStatusCode.OK, "applied"), await AskAsync("reload"));
        Assert.Equal((second, "admin"), ((await _operator.StatusAsync()).Version, (await _operator.StatusAsync()).Source));
    }

    [Theory]
    [InlineData("{\"version\":\"none\"}")]
    [InlineData("{\"version\":5}")]
    [InlineData("{\"verson\":\"x\"}")]
    [InlineData("[")]
    public async Task A_version_that_is_none_changes_nothing(string body)
    {
        Write(2);
        await AskAsync("reload");
        var before = (await _operator.StatusAsync()).Version;
        Assert.Equal((HttpStatusCode.Conflict, "impossible"), await AskAsync("rollback", body));
        Assert.Equal(before, (await _operator.StatusAsync()).Version);
    }

    [Fact]
    public async Task Weights_that_cannot_be_used_are_a_fault_of_the_whole()
    {
        var before = (await _operator.StatusAsync()).Version;
        _folder.Edit(_gateway.Text(config => Still(config) with { Routing = new() { Weights = "/nowhere/weights.json" }, Compatibility = new() { MaxToolCalls = 2 } }));
        var (_, outcome, answer) = await _operator.AskAsync("reload");
        Assert.Equal("refused", outcome);
        Assert.Contains("routing.weights: ", Assert.Single(answer.GetProperty("faults").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(before, (await _operator.StatusAsync()).Version);
    }

    [Fact]
    public async Task Many_changes_at_once_leave_one_whole_version()
    {
        var asked = Enumerable.Range(0, 20).Select(async i =>
        {
            _folder.Rename(_gateway.Text(config => Still(config) with { Compatibility = new() { MaxToolCalls = 1 + (i % 5) } }), $"{i}");
            await (i % 3 == 0 ? _operator.AskAsync("rollback") : _operator.AskAsync("reload"));
        });
        await Task.WhenAll(asked);
        Write(99);
        await AskAsync("reload");
        Assert.Equal(EdgeSnapshot.VersionOf(EdgeConfigFile.Read(_folder.Path)), (await _operator.StatusAsync()).Version);
        Assert.True((await _gateway.PostAsync(GatewayFixture.Hello())).IsSuccessStatusCode);
    }

    private async Task<(HttpStatusCode, string)> AskAsync(string what, string? body = null)
    {
        var (code, outcome, _) = await _operator.AskAsync(what, body);
        return (code, outcome);
    }

    private void Write(int calls, bool watch = false) =>
        _folder.Edit(_gateway.Text(config => Still(config) with { Compatibility = new() { MaxToolCalls = calls }, Reload = new() { Watch = watch, LookMilliseconds = 60_000 } }));

    private static EdgeConfig Still(EdgeConfig config) => config with { Admin = Operator.Config, Reload = new() { Watch = false } };
}
