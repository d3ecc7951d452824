using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>A gateway for many requests: nothing that its callers do is held against them, and one takes its place before its memory fills.</summary>
internal sealed class FuzzedGateway : IAsyncDisposable
{
    /// <summary>A test's gateway remembers every log line and every call.</summary>
    private const int RequestsEach = 20_000;

    private readonly Action<IServiceCollection>? _services;
    private readonly SemaphoreSlim _replacing = new(1, 1);
    private readonly List<GatewayFixture> _retired = [];
    private int _sent;

    private readonly RealStores? _stores;

    private FuzzedGateway(Action<IServiceCollection>? services, RealStores? stores) => (_services, _stores) = (services, stores);

    /// <summary>The gateway and what stands in it, at this time.</summary>
    public (GatewayFixture Gateway, PostRoutes Routes) Now { get; private set; }

    public static async Task<FuzzedGateway> StartAsync(Action<IServiceCollection>? services = null, RealStores? stores = null)
    {
        var fuzzed = new FuzzedGateway(services, stores);
        fuzzed.Now = await fuzzed.NextAsync();
        return fuzzed;
    }

    /// <summary>What a model server says to whatever it is asked.</summary>
    public static Task AnswerAsync(UpstreamCall call) => call.Head.Contains("/input_tokens", StringComparison.Ordinal)
        ? Scripts.Json("""{"object":"response.input_tokens","input_tokens":12}""")(call)
        : call.Headers["Accept"].Contains("text/event-stream") ? Scripts.Stream(Transcript.Text("Hello"))(call) : Scripts.Json(Transcript.Response("Hello"))(call);

    /// <summary>Counts a request, and brings another gateway when this one has had enough.</summary>
    public async Task<(GatewayFixture Gateway, PostRoutes Routes)> TakeAsync()
    {
        if (Interlocked.Increment(ref _sent) % RequestsEach != 0) return Now;
        await _replacing.WaitAsync();
        try
        {
            var old = Now.Gateway;
            Now = await NextAsync();
            AssertQuiet(old);
            _retired.Add(old);

            // Requests to the one before the last have all been answered.
            if (_retired.Count > 1)
            {
                await _retired[0].DisposeAsync();
                _retired.RemoveAt(0);
            }

            return Now;
        }
        finally
        {
            _replacing.Release();
        }
    }

    /// <summary>Asserts that no gateway has met anything it did not expect.</summary>
    public void AssertQuiet()
    {
        foreach (var gateway in _retired.Append(Now.Gateway)) AssertQuiet(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _retired.Append(Now.Gateway)) await gateway.DisposeAsync();
        _replacing.Dispose();
    }

    private static void AssertQuiet(GatewayFixture gateway)
    {
        if (gateway.Log.Lines.FirstOrDefault(line => line.Exception is not null || line.Level >= LogLevel.Error) is { } loud)
            throw new FuzzFaultException($"{loud.Text} {loud.Exception}");
    }

    private async Task<(GatewayFixture Gateway, PostRoutes Routes)> NextAsync()
    {
        var gateway = await GatewayFixture.StartAsync(
            config => config with
            {
                Stores = _stores?.Config ?? config.Stores,
                Safety = config.Safety with { Weights = new() { ClientError = 0 } },
            },
            services: services =>
            {
                _services?.Invoke(services);
                if (_stores is not null) RealStores.KeepLedger(services);
            });
        foreach (var upstream in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) upstream.Script = AnswerAsync;
        return (gateway, await PostRoutes.OfAsync(gateway));
    }
}
