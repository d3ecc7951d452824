using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Mka1.Edge.Local.Servers;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>
/// Promise: a model server that dies or hangs under load is nobody's problem but its own while another is well; it gets its work back
/// when it returns; with all of them gone clients are told when to come again, and the first one that returns ends that.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class SickModelServerTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    private const int Clients = 4;
    private const string DecodedTokens = "mka1_modelserver_tokens_decoded";

    private readonly string _key = ApiKeyFormat.Create();
    private readonly string _config = Path.GetTempFileName();
    private ModelServerProcess _one = null!;
    private ModelServerProcess _two = null!;
    private GatewayProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _one = await ModelServerProcess.StartNewAsync();
        _two = await ModelServerProcess.StartNewAsync();
        await File.WriteAllTextAsync(_config, JsonSerializer.Serialize(new
        {
            pools = new Dictionary<string, object>
            {
                ["p"] = new
                {
                    destinations = new Dictionary<string, object> { ["one"] = new { address = _one.Address }, ["two"] = new { address = _two.Address } },
                    health = new { active = new { intervalSeconds = 0.5, timeoutSeconds = 5, unhealthyAfter = 1 } },
                },
            },
            families = new Dictionary<string, object>
            {
                ["f"] = new { @default = "dense", variants = new Dictionary<string, object> { ["dense"] = new { model = "f-dense", pool = "p", upstreamModel = "m" } } },
            },
            tenants = new Dictionary<string, object> { ["t"] = new { keys = new Dictionary<string, object> { ["k"] = new { hash = ApiKeyFormat.HashText(_key) } } } },
        }));
        _gateway = GatewayProcess.Start(_config, FreePort.Find(), _key);
        await UntilAsync(async () => await _gateway.ReadinessAsync() == Cluster.Ready, "a gateway that is ready");
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        File.Delete(_config);
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("hung")]
    public async Task Nobody_whose_answer_had_not_begun_notices_a_model_server_that_is(string fault)
    {
        using var stop = new CancellationTokenSource();
        var seen = new ConcurrentQueue<(string Verdict, string What)>();
        var load = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => LoadAsync(client, seen, stop.Token)));
        await SeenAsync(seen, 10);

        await (fault == "killed" ? _one.KillAsync() : Signals.StopAsync(_one.Id));
        var before = seen.Count;
        await SeenAsync(seen, before + 40);
        if (fault == "killed") await _one.StartAsync();
        else await Signals.ContinueAsync(_one.Id);

        // It gets work again.
        var decoded = await _one.CountAsync(DecodedTokens);
        await UntilAsync(async () => await _one.CountAsync(DecodedTokens) > decoded + 20, "work for the one that is back");
        await stop.CancelAsync();
        await load;
        output.WriteLine($"{fault}: {seen.Count} requests, {seen.Count(s => s.Verdict == "cut")} streams cut after their first event.");
        Assert.DoesNotContain(seen, s => s.Verdict == "failed");
        Assert.InRange(seen.Count(s => s.Verdict == "cut"), 0, Clients);
    }

    [Fact]
    public async Task With_all_model_servers_gone_clients_are_told_when_to_come_again_and_the_first_that_returns_serves_them()
    {
        await _one.KillAsync();
        await _two.KillAsync();
        for (var i = 0; i < 30; i++)
        {
            var answer = await _gateway.CreateAsync(Body(i, stream: i % 2 == 0));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (answer.Status, answer.RetryAfter));
        }

        await _two.StartAsync();
        var back = TimeProvider.System.GetTimestamp();
        await UntilAsync(async () => (await _gateway.CreateAsync(Body(0, stream: false))).Status == HttpStatusCode.OK, "an answer");
        output.WriteLine($"Served again {TimeProvider.System.GetElapsedTime(back).TotalSeconds:F1} s after the first model server was.");
    }

    [Fact]
    public async Task Probes_make_a_model_server_generate_nothing()
    {
        var before = await _one.CountAsync(DecodedTokens);
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(before, await _one.CountAsync(DecodedTokens));
        Assert.Equal(0, before);
    }

    private static string Body(int i, bool stream) =>
        JsonSerializer.Serialize(new { model = "f", input = $"What is the capital of France? {i}", stream, store = i % 4 < 2, max_output_tokens = 16 });

    private async Task LoadAsync(int client, ConcurrentQueue<(string Verdict, string What)> seen, CancellationToken stop)
    {
        for (var i = client; !stop.IsCancellationRequested; i++)
        {
            var answer = await _gateway.CreateAsync(Body(i, stream: i % 2 == 0));
            var verdict = VerdictOf(answer);
            seen.Enqueue((verdict, $"{answer.Status} {answer.Body}"));
        }
    }

    private static string VerdictOf(Answer answer)
    {
        if (answer.Status != HttpStatusCode.OK) return "failed";
        if (!answer.Body.StartsWith("event: ", StringComparison.Ordinal)) return answer.ResponseStatus is "completed" or "incomplete" ? "served" : "failed";
        return answer.Body.Contains("event: response.failed", StringComparison.Ordinal) ? "cut" : "served";
    }

    private static Task SeenAsync(ConcurrentQueue<(string Verdict, string What)> seen, int count) =>
        UntilAsync(() => Task.FromResult(seen.Count >= count), $"{count} answers");

    private static async Task UntilAsync(Func<Task<bool>> signal, string what) => await Patience.UntilAsync(signal, what, Patience.Long * 4);
}
