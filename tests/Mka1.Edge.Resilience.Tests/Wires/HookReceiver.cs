using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>A receiver of webhooks that remembers what it was told.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/hook", async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            Told.Enqueue((http.Request.Headers["webhook-id"].ToString(), await reader.ReadToEndAsync()));
        });
    }

    /// <summary>Ids of events with their bodies, in the order in which they came.</summary>
    public ConcurrentQueue<(string Id, string Body)> Told { get; } = new();

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<HookReceiver> StartAsync()
    {
        var receiver = new HookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
