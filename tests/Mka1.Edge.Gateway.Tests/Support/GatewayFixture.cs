using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>
/// A whole gateway on a port of its own, in front of three scripted model servers of one family, with two tenants and keys of
/// every kind. As a class fixture it runs with the standard configuration.
/// </summary>
public sealed class GatewayFixture : IAsyncLifetime, IAsyncDisposable
{
    public const string Family = "mka1-mini";
    public const string Alias = "meetkai:functionary-urdu-mini-pak";
    public const string UpstreamApiKey = "pool-secret-1";
    public const string BlockedUser = "blocked-user";

    private readonly Func<EdgeConfig, EdgeConfig> _change;
    private readonly TimeProvider? _clock;
    private readonly Action<IServiceCollection>? _services;
    private readonly string? _file;
    private WebApplication? _app;

    public GatewayFixture()
        : this(static config => config, null)
    {
    }

    private GatewayFixture(Func<EdgeConfig, EdgeConfig> change, TimeProvider? clock, Action<IServiceCollection>? services = null, string? file = null)
    {
        _file = file;
        _services = services;
        _change = change;
        _clock = clock;
    }

    public ScriptedUpstream Quantized { get; } = new();

    public ScriptedUpstream Moe { get; } = new();

    /// <summary>Serves the family's default variant.</summary>
    public ScriptedUpstream Dense { get; } = new();

    public MemoryLedger Ledger { get; } = new();

    public LogCapture Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public int Port => Client.BaseAddress!.Port;

    public WebApplication App => _app!;

    /// <summary>Requests that have reached any model server.</summary>
    public int UpstreamCalls => Quantized.Calls.Count + Moe.Calls.Count + Dense.Calls.Count;

    /// <summary>Starts a gateway with a configuration, and if need be services, of its own.</summary>
    public static async Task<GatewayFixture> StartAsync(
        Func<EdgeConfig, EdgeConfig> change, TimeProvider? clock = null, Action<IServiceCollection>? services = null)
    {
        var gateway = new GatewayFixture(change, clock, services);
        await gateway.InitializeAsync();
        return gateway;
    }

    /// <summary>Starts a gateway that follows a file, which holds the standard configuration with a change.</summary>
    public static async Task<GatewayFixture> FollowAsync(string file, Func<EdgeConfig, EdgeConfig> change)
    {
        var gateway = new GatewayFixture(change, null, null, file);
        await File.WriteAllTextAsync(file, gateway.Text(change));
        await gateway.InitializeAsync();
        return gateway;
    }

    /// <summary>The standard configuration with a change, as a file holds it.</summary>
    public string Text(Func<EdgeConfig, EdgeConfig> change) => JsonSerializer.Serialize(change(Config()), EdgeConfigJson.Options);

    public async Task InitializeAsync()
    {
        _app = _file is null
            ? EdgeHost.Create(["--urls", "http://127.0.0.1:0"], _change(Config()), Configure)
            : EdgeHost.Create(["--urls", "http://127.0.0.1:0"], _file, static config => config, Configure);
        await _app.StartAsync();

        // A client that leaves is gone at once: by default it would first read on for two seconds.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = new Uri(_app.Urls.Single()),
            Timeout = Patience.Long,
        };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var upstream in new[] { Quantized, Moe, Dense }) await upstream.DisposeAsync();
        if (_app is not null) await _app.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>A create request that says hello.</summary>
    public static string Hello(string model = Family, bool stream = false, string extra = "") =>
        $$"""{"model":"{{model}}","input":"Say hello.","stream":{{(stream ? "true" : "false")}}{{(extra.Length > 0 ? "," + extra : "")}}}""";

    /// <summary>A create request over HTTP.</summary>
    public static HttpRequestMessage Create(string body, string? key = null) => Create(Encoding.UTF8.GetBytes(body), key);

    /// <summary>A create request over HTTP.</summary>
    public static HttpRequestMessage Create(byte[] body, string? key = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? TestKeys.Acme);
        return request;
    }

    /// <summary>Sends a create request and reads the whole answer.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, string? key = null) => Client.SendAsync(Create(body, key));

    /// <summary>Sends a create request and returns as soon as the answer's headers are here.</summary>
    public Task<HttpResponseMessage> OpenAsync(string body, string? key = null) =>
        Client.SendAsync(Create(body, key), HttpCompletionOption.ResponseHeadersRead);

    /// <summary>Streams a hello and gives its events.</summary>
    public async Task<IReadOnlyList<SseEvent>> StreamAsync(string extra = "", string? key = null, string model = Family)
    {
        using var answer = await PostAsync(Hello(model, stream: true, extra), key);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return Wire.Events(text);
    }

    /// <summary>Waits until the run of a request has been settled.</summary>
    public Task<LogCapture.LogLine> SettledAsync(string requestId) =>
        Log.WaitForAsync(line => line.EventId == 1900 && Equals(line.Values["RequestId"], requestId));

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log);
        builder.Logging.AddFilter("Mka1.Edge", LogLevel.Debug);
        builder.Services.AddSingleton<ILedger>(Ledger);
        if (_clock is not null) builder.Services.AddSingleton(_clock);
        _services?.Invoke(builder.Services);
    }

    private EdgeConfig Config() => new()
    {
        Pools = new Dictionary<string, PoolConfig>
        {
            ["quantized"] = Pool(Quantized),
            ["moe"] = Pool(Moe),
            ["dense"] = Pool(Dense),
        },
        Families = new Dictionary<string, FamilyConfig>
        {
            [Family] = new()
            {
                Aliases = [Alias],
                Default = "dense",
                Variants = new Dictionary<string, VariantConfig>
                {
                    ["quantized"] = new() { Model = "mka1-mini-quantized", Pool = "quantized", Tools = ["function"] },
                    ["moe"] = new() { Model = "mka1-mini-moe", Pool = "moe", UpstreamModel = "moe-on-server", Tools = ["function"], Inputs = ["input_image"] },
                    ["dense"] = new() { Model = "mka1-mini-dense", Pool = "dense", UpstreamModel = "dense-on-server", Tools = ["function", "code_interpreter"] },
                },
            },
        },
        Tenants = new Dictionary<string, TenantConfig>
        {
            ["acme"] = new()
            {
                Keys = new Dictionary<string, KeyConfig>
                {
                    ["main"] = Key(TestKeys.Acme),
                    ["admin"] = Key(TestKeys.AcmeAdmin) with { Admin = true },
                    ["quantized-only"] = Key(TestKeys.QuantizedOnly) with { Models = ["mka1-mini-quantized"] },
                    ["user-required"] = Key(TestKeys.UserRequired) with { OnBehalfOf = OnBehalfOfRule.Required },
                    ["user-forbidden"] = Key(TestKeys.UserForbidden) with { OnBehalfOf = OnBehalfOfRule.Forbidden },
                    ["expired"] = Key(TestKeys.Expired) with { ExpiresAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) },
                    ["five-a-day"] = Key(TestKeys.FiveADay) with { Requests = [new() { Window = "day", Limit = 5 }] },
                    ["one-at-a-time"] = Key(TestKeys.OneAtATime) with { Concurrency = 1 },
                },
                BlockedSafetyIdentifiers = [BlockedUser],
            },
            ["globex"] = new() { Keys = new Dictionary<string, KeyConfig> { ["main"] = Key(TestKeys.Globex), ["admin"] = Key(TestKeys.GlobexAdmin) with { Admin = true } } },
        },
    };

    /// <summary>What one test has its server do wrong must not reach the next: tests of a pool's health switch it on.</summary>
    internal static PoolConfig Pool(ScriptedUpstream upstream) => new()
    {
        Health = new HealthConfig { Active = new ActiveHealthConfig { Enabled = false }, Passive = new PassiveHealthConfig { Enabled = false } },
        Destinations = new Dictionary<string, DestinationConfig>
        {
            ["one"] = new() { Address = upstream.Address, ApiKey = UpstreamApiKey },
        },
    };

    internal static KeyConfig Key(string key) => new() { Hash = ApiKeyFormat.HashText(key) };
}
