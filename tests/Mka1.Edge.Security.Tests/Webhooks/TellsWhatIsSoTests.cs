using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Security.Tests.Webhooks;

/// <summary>Promise: a receiver that asks for the response at once, before it has even answered, finds it as it was told (rule W12).</summary>
public sealed class TellsWhatIsSoTests
{
    private const int Responses = 60;

    private static readonly HashSet<string> Ends = ["completed", "failed", "incomplete", "cancelled"];

    [Fact]
    public Task From_memory() => AskAsync(null, null);

    [ServersFact]
    public async Task From_Postgres()
    {
        await using var stores = await RealStores.StartAsync();
        await AskAsync(stores, RealStores.KeepLedger);
    }

    private static async Task AskAsync(RealStores? stores, Action<IServiceCollection>? services)
    {
        var stale = new ConcurrentQueue<string>();
        var ended = new ConcurrentDictionary<string, byte>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new ScriptedUpstream();
        await using var gateway = await GatewayFixture.StartAsync(
            config => config with
            {
                Stores = stores?.Config ?? config.Stores,
                Webhooks = config.Webhooks with { AllowPrivateTargets = true },
            },
            services: services);
        gateway.Dense.Script = Scripts.Completed("Hello");
        receiver.Script = async call =>
        {
            var id = call.Json.GetProperty("data").GetProperty("id").GetString()!;
            var told = call.Json.GetProperty("type").GetString()!["response.".Length..];
            using var answer = await gateway.AskAsync(id);
            var text = await answer.Content.ReadAsStringAsync();
            if (Ends.Contains(told))
            {
                if (!answer.IsSuccessStatusCode || JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() != told) stale.Enqueue($"{told}: {text}");
                ended.TryAdd(id, 0);
                if (ended.Count == Responses) all.TrySetResult();
            }

            await Scripts.Json("thanks")(call);
        };
        for (var i = 0; i < Responses; i++) await gateway.CreateAsync($"\"background\":true,\"webhook_url\":\"{receiver.Address}hook\"");
        await all.Task.Soon();
        Assert.Empty(stale);
    }
}
