using System.Text;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Stores.Streams;
using Microsoft.Extensions.DependencyInjection;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a stream that is cancelled at whatever moment ends with the event that says so.</summary>
public sealed class CancelsInTheMidstTests
{
    [Fact]
    public async Task One_that_a_worker_takes_up_while_it_is_cancelled()
    {
        BusyStreamLog? log = null;
        await using var gateway = await GatewayFixture.StartAsync(
            config => config with { Background = config.Background with { Workers = 1, PerTenant = 1 } },
            services: services => services.AddSingleton<IStreamLog>(log = new BusyStreamLog(new MemoryStreamLog(TimeSpan.FromHours(1), TimeProvider.System))));
        gateway.Dense.Play(Scripts.Silence);
        await gateway.UntilAsync(IdOf(await gateway.CreateAsync("\"background\":true")), "in_progress");
        var id = await QueuedStreamAsync(gateway);

        // The worker of another replica has just taken it up, and writes its third event.
        var body = Encoding.UTF8.GetBytes(await gateway.ReadAsync(id));
        log!.Behind(async inner => await inner.AppendAsync(id, fence: 1, OpeningEvents.Started(StoredBody.Queued(body), StoredBody.Started(body)), last: false));
        await gateway.ReadAsync(id + "/cancel", HttpMethod.Post);

        var heard = Wire.Events(await gateway.ReadAsync(id + "?stream=true"));
        Assert.Equal(["response.created", "response.queued", "response.in_progress", "response.incomplete", ""], heard.Select(e => e.Name));
        Assert.Equal("cancelled", heard[^2].Json.GetProperty("response").GetProperty("status").GetString());
        Assert.Equal([0, 1, 2, 3], heard.SkipLast(1).Select(e => e.Json.GetProperty("sequence_number").GetInt64()));
    }

    private static async Task<string> QueuedStreamAsync(GatewayFixture gateway)
    {
        using var stream = await gateway.BeginAsync("\"background\":true");
        await stream.UntilAsync("event: response.queued");
        return stream.Id;
    }
}
