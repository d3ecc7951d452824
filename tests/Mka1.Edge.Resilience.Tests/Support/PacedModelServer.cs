using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A model server that answers at the pace and with the text that the request's input asks for, and remembers who called.</summary>
internal sealed class PacedModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, List<string>> _calls = new();
    private int _inFlight;
    private int _mostInFlight;

    private PacedModelServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/{replica}/v1/responses", AnswerAsync);
        _app.MapPost("/{replica}/v1/responses/input_tokens", CountAsync);
    }

    /// <summary>The most streams and answers under way at once, as this server saw it.</summary>
    public int MostInFlight => Volatile.Read(ref _mostInFlight);

    public string Address => _app.Urls.Single();

    public static async Task<PacedModelServer> StartAsync()
    {
        var server = new PacedModelServer();
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Begins to watch anew how many are under way at once.</summary>
    public void ForgetMostInFlight() => Volatile.Write(ref _mostInFlight, 0);

    /// <summary>The replicas that have asked for this seed, one entry a call.</summary>
    public IReadOnlyList<string> CallsOf(string seed)
    {
        if (!_calls.TryGetValue(seed, out var calls)) return [];
        lock (calls) return [.. calls];
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http, string replica)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var request = PacedRequest.Read(body);
        var call = Count(request.Seed, replica);
        try
        {
            var root = JsonDocument.Parse(body).RootElement;
            if (root.TryGetProperty("max_output_tokens", out var cap) && cap.TryGetInt32(out var most)) request = request with { Deltas = Math.Min(request.Deltas, most) };
            if (root.TryGetProperty("stream", out var stream) && stream.GetBoolean()) await StreamAsync(http, request, call);
            else await JsonAsync(http, request, call);
        }
        catch (OperationCanceledException)
        {
            // The gateway is gone, which is what these tests are about.
        }
    }

    private static async Task CountAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = PacedRequest.Read(await reader.ReadToEndAsync());
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"object":"response.input_tokens","input_tokens":{{request.InputTokens}}}""");
    }

    private int Count(string seed, string replica)
    {
        var calls = _calls.GetOrAdd(seed, _ => []);
        lock (calls)
        {
            calls.Add(replica);
            return calls.Count;
        }
    }

    private static async Task JsonAsync(HttpContext http, PacedRequest request, int call)
    {
        await Task.Delay(request.WaitMs + (request.Deltas * request.DelayMs), http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(new PacedEvents(request, call).Final, http.RequestAborted);
    }

    private async Task StreamAsync(HttpContext http, PacedRequest request, int call)
    {
        http.Response.ContentType = "text/event-stream";
        var now = Interlocked.Increment(ref _inFlight);
        if (now > MostInFlight) Volatile.Write(ref _mostInFlight, now);
        var events = new PacedEvents(request, call);
        try
        {
            await SendAsync(events.Opening());
            await Task.Delay(request.WaitMs, http.RequestAborted);
            await SendAsync(events.Begin());
            for (var place = 0; place < request.Deltas; place++)
            {
                await Task.Delay(request.DelayMs, http.RequestAborted);
                await SendAsync(events.Delta(place));
            }
        }
        finally
        {
            // Before the gateway can have heard of the end.
            Interlocked.Decrement(ref _inFlight);
        }

        await SendAsync(events.Closing());

        async Task SendAsync(string text)
        {
            await http.Response.WriteAsync(text, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}
