using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a key that a tenant mints offline is worth what it says and never more than the key above it; every other token is worth nothing.</summary>
public sealed class AcceptsDelegatedKeysTests : IAsyncLifetime
{
    private static readonly ECDsa Signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa Stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config => Change(config, Signer));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_minted_key_acts_for_its_end_user()
    {
        var key = Mint().Sign();
        var id = ApiClient.Id(await Client(key).CallAsync("POST", "/responses", GatewayFixture.Hello()));
        await Client(key, "alice").CallAsync("GET", "/responses/" + id);
        await new ApiClient(_gateway, TestKeys.Acme, "alice").CallAsync("GET", "/responses/" + id);
        await new ApiClient(_gateway, TestKeys.Acme).RefusedAsync("GET", "/responses/" + id, 404);
        await Client(key, "bob").RefusedAsync("GET", "/responses/" + id, 403, code: "permission_denied", param: "X-On-Behalf-Of");
    }

    [Fact]
    public async Task It_may_name_its_models_wherever_a_model_can_be_named()
    {
        var client = Client(Mint().With("models", new JsonArray("mka1-mini-quantized")).Sign());
        await client.CallAsync("POST", "/responses", GatewayFixture.Hello("mka1-mini-quantized"));
        Assert.Equal(["mka1-mini-quantized"], ApiClient.Ids(await client.CallAsync("GET", "/models")));
        await client.RefusedAsync("GET", "/models/mka1-mini-dense", 404);
        foreach (var path in (string[])["/responses", "/responses/compact", "/responses/input_tokens"])
            await client.RefusedAsync("POST", path, 404, GatewayFixture.Hello("mka1-mini-dense"), "model_not_found");
        await client.RefusedAsync("POST", "/responses", 404, GatewayFixture.Hello("mka1-mini-dense", extra: "\"background\":true"), "model_not_found");

        // Whatever auto_routing would choose.
        var calls = _gateway.Quantized.Calls.Count;
        await client.CallAsync("POST", "/responses", GatewayFixture.Hello("mka1-mini-quantized", extra: "\"auto_routing\":true,\"reasoning\":{\"effort\":\"high\"}"));
        Assert.Equal(calls + 1, _gateway.Quantized.Calls.Count);
    }

    [Fact]
    public async Task It_never_may_more_than_the_key_above_it()
    {
        var client = Client(Mint("acme/narrow").With("models", new JsonArray("mka1-mini-quantized", "mka1-mini-dense")).Sign());
        await client.CallAsync("POST", "/responses", GatewayFixture.Hello("mka1-mini-quantized"));
        await client.RefusedAsync("POST", "/responses", 404, GatewayFixture.Hello("mka1-mini-dense"), "model_not_found");
        Assert.Contains("endpoints: prompts", await client.RefusedAsync("GET", "/prompts", 403, code: "permission_denied"), StringComparison.Ordinal);
        await Client(Mint("acme/no-users").Sign()).RefusedAsync("GET", "/models", 403, param: "X-On-Behalf-Of");
        Assert.Contains("'admin'", await Client(Mint("acme/chief").Sign()).RefusedAsync("GET", "/keys", 403), StringComparison.Ordinal);
    }

    public static TheoryData<string> Bogus => new(Wrong.Keys);

    private static Dictionary<string, Func<string>> Wrong { get; } = new()
    {
        ["signed by another key"] = () => new DelegatedKey(Stranger, "acme/minting").Sign(),
        ["of another key of the tenant that may not delegate"] = () => Mint("acme/main").Sign(),
        ["of a key that is not there"] = () => Mint("acme/gone").Sign(),
        ["of a key without a tenant"] = () => Mint("minting").Sign(),
        ["of another tenant"] = () => Mint("globex/main").Sign(),
        ["of an expired key"] = () => Mint("acme/over").Sign(),
        ["without a kid"] = () => Mint().WithHeader("kid", null).Sign(),
        ["alg none without a signature"] = () => $"mkd-{Mint().WithHeader("alg", "none").Unsigned()}.",
        ["alg none with the signature"] = () => Mint().WithHeader("alg", "none").Sign(),
        ["alg HS256 with the public key as secret"] = () => Hmac(Mint().WithHeader("alg", "HS256").Unsigned()),
        ["alg ES384"] = () => Mint().WithHeader("alg", "ES384").Sign(),
        ["alg es256"] = () => Mint().WithHeader("alg", "es256").Sign(),
        ["with crit"] = () => Mint().WithHeader("crit", new JsonArray("b64")).Sign(),
        ["with another payload than was signed"] = () => Splice(Mint().Sign(), Mint().With("sub", "mallory").Unsigned().Split('.')[1]),
        ["with a signature in DER"] = () => Der(Mint().Unsigned()),
        ["with an empty signature"] = () => $"mkd-{Mint().Unsigned()}.",
        ["in two parts"] = () => "mkd-" + Mint().Unsigned(),
        ["in five parts"] = () => Mint().Sign() + ".x.y",
        ["expired"] = () => Mint().With("exp", DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeSeconds()).Sign(),
        ["for more than thirty days"] = () => Mint().With("exp", DateTimeOffset.UtcNow.AddDays(31).ToUnixTimeSeconds()).Sign(),
        ["without an end"] = () => Mint().Without("exp").Sign(),
        ["with an end that is no number"] = () => Mint().With("exp", "tomorrow").Sign(),
        ["with an end beyond time"] = () => Mint().With("exp", long.MaxValue).Sign(),
        ["with an end in fractions"] = () => Mint().With("exp", 4e9 + 0.5).Sign(),
        ["before its time"] = () => Mint().With("nbf", DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds()).Sign(),
        ["without an end user"] = () => Mint().Without("sub").Sign(),
        ["for everybody"] = () => Mint().With("sub", "*").Sign(),
        ["for a list of end users"] = () => Mint().With("sub", new JsonArray("alice")).Sign(),
        ["without an id"] = () => Mint().Without("jti").Sign(),
        ["with models that are no list"] = () => Mint().With("models", "mka1-mini").Sign(),
        ["with a list of no models"] = () => Mint().With("models", new JsonArray()).Sign(),
        ["with a model that is null"] = () => Mint().With("models", new JsonArray((JsonNode?)null)).Sign(),
        ["with a budget that is a text"] = () => Mint().With("token_budget", "5").Sign(),
        ["with a budget in fractions"] = () => Mint().With("token_budget", 0.5).Sign(),
        ["with a budget of nothing"] = () => Mint().With("token_budget", 0).Sign(),
        ["with a claim twice"] = () => Twice(),
        ["with a payload that is no object"] = () => Mint().SignText(Mint().Unsigned().Split('.')[0] + "." + DelegatedKey.Encode("[]"u8)),
        ["with a payload that is no JSON"] = () => Mint().SignText(Mint().Unsigned().Split('.')[0] + "." + DelegatedKey.Encode("{"u8)),
        ["with a header that is no JSON"] = () => Mint().SignText(DelegatedKey.Encode("{"u8) + "." + Mint().Unsigned().Split('.')[1]),
        ["beyond 4 KB"] = () => Mint().With("note", new string('x', 4096)).Sign(),
        ["with half of a surrogate pair in the kid"] = () => Mint().SignText(DelegatedKey.Encode("""{"alg":"ES256","kid":"acme/\ud800"}"""u8) + "." + Mint().Unsigned().Split('.')[1]),
        ["nothing but the prefix"] = () => "mkd-",
        ["dots"] = () => "mkd-..",
        ["with the prefix of a plain key"] = () => "mk-" + Mint().Sign()[4..],
        ["the bare token"] = () => Mint().Sign()[4..],
    };

    [Theory]
    [MemberData(nameof(Bogus))]
    public async Task Anything_else_gets_the_bytes_of_an_unknown_key(string what)
    {
        var unknown = await Client(TestKeys.Unknown).RefusedAsync("GET", "/models", 401, code: "invalid_api_key");
        Assert.Equal(unknown, await Client(Wrong[what]()).RefusedAsync("GET", "/models", 401));
        Assert.DoesNotContain(_gateway.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning && line.EventId != 2200 && line.EventId != 2202);
    }

    [Fact]
    public async Task It_ends_at_once_with_the_key_above_it()
    {
        var key = Mint("acme/minting").Sign();
        await Client(key).CallAsync("GET", "/models");
        await new ApiClient(_gateway, Chief).CallAsync("DELETE", "/keys/minting");
        var unknown = await Client(TestKeys.Unknown).RefusedAsync("GET", "/models", 401);
        Assert.Equal(unknown, await Client(key).RefusedAsync("GET", "/models", 401));
    }

    [Fact]
    public async Task A_background_response_stays_within_the_models_of_the_key_it_was_asked_for_with()
    {
        var client = Client(Mint().With("models", new JsonArray("mka1-mini-quantized")).Sign());
        var calls = _gateway.UpstreamCalls - _gateway.Quantized.Calls.Count;
        var id = ApiClient.Id(await client.CallAsync("POST", "/responses", GatewayFixture.Hello("mka1-mini-quantized", extra: "\"background\":true,\"auto_routing\":true,\"reasoning\":{\"effort\":\"high\"}")));
        using var limit = new CancellationTokenSource(Patience.Long);
        while ((await client.CallAsync("GET", "/responses/" + id)).GetProperty("status").GetString() is "queued" or "in_progress") await Task.Delay(10, limit.Token);
        Assert.Equal("completed", (await client.CallAsync("GET", "/responses/" + id)).GetProperty("status").GetString());
        Assert.Equal(calls, _gateway.UpstreamCalls - _gateway.Quantized.Calls.Count);
    }

    [Fact]
    public async Task A_signature_is_checked_once_and_only_good_keys_are_remembered()
    {
        var keys = _gateway.App.Services.GetRequiredService<DelegatedKeys>();
        var before = keys.Remembered;
        for (var i = 0; i < 50; i++) await Client(new DelegatedKey(Stranger, "acme/minting").Sign()).RefusedAsync("GET", "/models", 401);
        Assert.Equal(before, keys.Remembered);
        var key = Mint().Sign();
        for (var i = 0; i < 5; i++) await Client(key).CallAsync("GET", "/models");
        Assert.Equal(before + 1, keys.Remembered);
        var ring = _gateway.App.Services.GetRequiredService<KeyDirectory>().Ring;
        Assert.Same(await keys.FindAsync(ring, key), await keys.FindAsync(ring, key));
    }

    private static readonly string Chief = ApiKeyFormat.Create();

    private static EdgeConfig Change(EdgeConfig config, ECDsa signer)
    {
        var delegation = new DelegationConfig { PublicKeys = [signer.ExportSubjectPublicKeyInfoPem()] };
        var keys = new Dictionary<string, KeyConfig>(config.Tenants["acme"].Keys)
        {
            ["minting"] = Key() with { Delegation = delegation },
            ["narrow"] = Key() with { Delegation = delegation, Models = ["mka1-mini-quantized"], Endpoints = ["responses"] },
            ["no-users"] = Key() with { Delegation = delegation, OnBehalfOf = OnBehalfOfRule.Forbidden },
            ["over"] = Key() with { Delegation = delegation, ExpiresAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            ["chief"] = Key() with { Delegation = delegation, Admin = true, Hash = ApiKeyFormat.HashText(Chief) },
        };
        return config with { Tenants = new Dictionary<string, TenantConfig>(config.Tenants) { ["acme"] = config.Tenants["acme"] with { Keys = keys } } };

        static KeyConfig Key() => new() { Hash = ApiKeyFormat.HashText(ApiKeyFormat.Create()) };
    }

    private static DelegatedKey Mint(string kid = "acme/minting") => new(Signer, kid);

    private ApiClient Client(string key, string? endUser = null) => new(_gateway, key, endUser);

    private static string Hmac(string unsigned) =>
        $"mkd-{unsigned}.{DelegatedKey.Encode(HMACSHA256.HashData(Signer.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(unsigned)))}";

    private static string Splice(string key, string payload)
    {
        var parts = key.Split('.');
        return $"{parts[0]}.{payload}.{parts[2]}";
    }

    private static string Der(string unsigned) => $"mkd-{unsigned}."
        + DelegatedKey.Encode(Signer.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static string Twice()
    {
        var minted = Mint();
        var json = minted.Payload.ToJsonString();
        return minted.SignText(minted.Unsigned().Split('.')[0] + "." + DelegatedKey.Encode(Encoding.UTF8.GetBytes(json[..^1] + ",\"sub\":\"mallory\"}")));
    }
}
