using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a configuration that cannot be used is refused at the start, with every fault and the key it stands at.</summary>
public sealed class ChecksItsConfigurationTests
{
    private const string Hash = "sha256:00000000000000000000000000000000000000000000000000000000000000aa";

    public static TheoryData<string, string> Faults => new()
    {
        { """{"pools":{"p":{"destinations":{}}}}""", "pools.p.destinations" },
        { """{"pools":{"p":{"destinations":{"d":{"address":"not an address"}}}}}""", "pools.p.destinations.d.address" },
        { """{"pools":{"p":{"destinations":{"d":{"address":"ftp://h/"}}}}}""", "pools.p.destinations.d.address" },
        { """{"pools":{"p":{"path":"v1","destinations":{"d":{"address":"http://h/"}}}}}""", "pools.p.path" },
        { """{"pools":{"p":{"connectTimeoutSeconds":0,"destinations":{"d":{"address":"http://h/"}}}}}""", "pools.p.connectTimeoutSeconds" },
        { """{"pools":{"p":{"firstByteTimeoutSeconds":0,"destinations":{"d":{"address":"http://h/"}}}}}""", "pools.p.firstByteTimeoutSeconds" },
        { """{"pools":{"p":{"idleTimeoutSeconds":99999,"destinations":{"d":{"address":"http://h/"}}}}}""", "pools.p.idleTimeoutSeconds" },
        { """{"families":{"f":{"default":"dense","variants":{}}}}""", "families.f.default" },
        { """{"families":{"f":{"default":"tiny","variants":{"tiny":{"model":"m","pool":"p"}}}}}""", "families.f.variants.tiny" },
        { """{"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"gone"}}}}}""", "families.f.variants.dense.pool" },
        { """{"families":{"f":{"default":"dense","variants":{"dense":{"model":"","pool":"gone"}}}}}""", "families.f.variants.dense.model" },
        { """{"families":{"f":{"default":"dense","aliases":["f"],"variants":{"dense":{"model":"m","pool":"p"}}}}}""", "families.f.aliases[0]" },
        { """{"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p","contextWindow":0}}}}}""", "families.f.variants.dense.contextWindow" },
        { """{"pools":{"p":{}},"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p","canary":{"pool":"gone","percent":1}}}}}}""", "families.f.variants.dense.canary.pool" },
        { """{"pools":{"p":{},"q":{}},"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p","canary":{"pool":"q","percent":101}}}}}}""", "families.f.variants.dense.canary.percent" },
        { """{"pools":{"p":{}},"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p","canary":{"pool":"p","percent":1}}}}}}""", "families.f.variants.dense.canary" },
        { """{"pools":{"p":{}},"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p","shadow":{"pool":"gone","percent":1}}}}}}""", "families.f.variants.dense.shadow.pool" },
        { """{"pools":{"p":{}},"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p","shadow":{"pool":"p","upstreamModel":"m2","percent":-1}}}}}}""", "families.f.variants.dense.shadow.percent" },
        { """{"routing":{"candidate":{"weights":""}}}""", "routing.candidate.weights" },
        { """{"routing":{"shadowConcurrency":1001}}""", "routing.shadowConcurrency" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"mk-oops"}}}}}""", "tenants.t.keys.k.hash" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH"},"k2":{"hash":"HASH"}}}}}""", "tenants.t.keys.k2.hash" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","concurrency":0}}}}}""", "tenants.t.keys.k.concurrency" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","requests":[{"window":"year","limit":1}]}}}}}""", "tenants.t.keys.k.requests[0].window" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","requests":[{"window":"day","limit":0}]}}}}}""", "tenants.t.keys.k.requests[0].limit" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","models":["no-such-model"]}}}}}""", "tenants.t.keys.k.models[0]" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","endpoints":["admin"]}}}}}""", "tenants.t.keys.k.endpoints[0]" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","admin":true,"onBehalfOf":"required"}}}}}""", "tenants.t.keys.k.onBehalfOf" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","delegation":{"publicKeys":["AAAA"]}}}}}}""", "tenants.t.keys.k.delegation.publicKeys[0]" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","disconnectGraceSeconds":-1}}}}}""", "tenants.t.keys.k.disconnectGraceSeconds" },
        { """{"limits":{"maxRequestBytes":1}}""", "limits.maxRequestBytes" },
        { """{"limits":{"maxResponseBytes":1}}""", "limits.maxResponseBytes" },
        { """{"limits":{"maxEventBytes":1}}""", "limits.maxEventBytes" },
        { """{"limits":{"writeStallSeconds":0}}""", "limits.writeStallSeconds" },
        { """{"limits":{"keepAliveSeconds":301}}""", "limits.keepAliveSeconds" },
        { """{"limits":{"shutdownSeconds":0}}""", "limits.shutdownSeconds" },
        { """{"compatibility":{"maxToolCalls":301}}""", "compatibility.maxToolCalls" },
        { """{"safety":{"hashKey":"short"}}""", "safety.hashKey" },
        { """{"routing":{"weights":" "}}""", "routing.weights" },
        { """{"routing":{"reloadSeconds":0}}""", "routing.reloadSeconds" },
        { """{"routing":{"window":10}}""", "routing.window" },
        { """{"routing":{"targetShares":{"quantized":0.5,"moe":0.2,"dense":0.2}}}""", "routing.targetShares" },
        { """{"routing":{"targetShares":{"quantized":1.5,"moe":-0.5,"dense":0}}}""", "routing.targetShares.quantized" },
        { """{"routing":{"targetCost":11}}""", "routing.targetCost" },
        { """{"routing":{"targetCost":2,"targetShares":{"quantized":1,"moe":0,"dense":0}}}""", "routing.targetCost" },
        { """{"routing":{"costs":{"quantized":3,"moe":2,"dense":10}}}""", "routing.costs" },
        { """{"safety":{"halfLifeMinutes":0}}""", "safety.halfLifeMinutes" },
        { """{"safety":{"releaseRatio":0}}""", "safety.releaseRatio" },
        { """{"safety":{"minimumDwellSeconds":-1}}""", "safety.minimumDwellSeconds" },
        { """{"safety":{"thresholds":{"slow":10}}}""", "safety.thresholds.slow" },
        { """{"safety":{"thresholds":{"warn":0}}}""", "safety.thresholds.warn" },
        { """{"safety":{"weights":{"modelRefusal":-1}}}""", "safety.weights.modelRefusal" },
        { """{"safety":{"clientErrorsPerMinute":0}}""", "safety.clientErrorsPerMinute" },
        { """{"safety":{"slowSeconds":61}}""", "safety.slowSeconds" },
        { """{"safety":{"reviewSeconds":-1}}""", "safety.reviewSeconds" },
        { """{"safety":{"maxDelayed":0}}""", "safety.maxDelayed" },
        { """{"safety":{"trackedSubjects":1}}""", "safety.trackedSubjects" },
        { """{"safety":{"lookupMilliseconds":-1}}""", "safety.lookupMilliseconds" },
        { """{"safety":{"maxCharacters":0}}""", "safety.maxCharacters" },
        { """{"safety":{"rules":[null]}}""", "safety.rules[0]" },
        { """{"safety":{"rules":[{"id":"a b","terms":["x"]}]}}""", "safety.rules[0].id" },
        { """{"safety":{"rules":[{"id":"a","terms":["x"]},{"id":"a","terms":["x"]}]}}""", "safety.rules[1].id" },
        { """{"safety":{"rules":[{"id":"a"}]}}""", "safety.rules[0]" },
        { """{"safety":{"rules":[{"id":"a","terms":[""]}]}}""", "safety.rules[0].terms[0]" },
        { """{"safety":{"rules":[{"id":"a","terms":[null]}]}}""", "safety.rules[0].terms[0]" },
        { """{"safety":{"rules":[{"id":"a","pattern":"("}]}}""", "safety.rules[0].pattern" },
        { """{"safety":{"rules":[{"id":"a","pattern":"(a)\\1"}]}}""", "safety.rules[0].pattern" },
        { """{"safety":{"rules":[{"id":"a","pattern":"a*"}]}}""", "safety.rules[0].pattern" },
        { """{"safety":{"rules":[{"id":"a","terms":["x"],"weight":-1}]}}""", "safety.rules[0].weight" },
        { """{"tenants":{"t":{"safetyWebhook":{"url":"http://hooks.example.com/"}}}}""", "tenants.t.safetyWebhook.url" },
        { """{"tenants":{"t":{"safetyWebhook":{"url":"https://10.0.0.1/"}}}}""", "tenants.t.safetyWebhook.url" },
        { """{"tenants":{"t":{"safetyWebhook":{"url":"https://hooks.example.com/","secret":"whsec_!"}}}}""", "tenants.t.safetyWebhook.secret" },
        { """{"pools":{"p":null}}""", "pools.p" },
        { """{"pools":{"p":{"destinations":{"d":null}}}}""", "pools.p.destinations.d" },
        { """{"families":{"f":null}}""", "families.f" },
        { """{"families":{"f":{"default":"dense","variants":{"dense":null}}}}""", "families.f.variants.dense" },
        { """{"families":{"f":{"default":"dense","aliases":[null],"variants":{}}}}""", "families.f.aliases[0]" },
        { """{"tenants":{"t":null}}""", "tenants.t" },
        { """{"tenants":{"t":{"keys":{"k":null}}}}""", "tenants.t.keys.k" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","requests":[null]}}}}}""", "tenants.t.keys.k.requests[0]" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":"HASH","models":[null]}}}}}""", "tenants.t.keys.k.models[0]" },
        { """{"tenants":{"t":{"blockedSafetyIdentifiers":[null]}}}""", "tenants.t.blockedSafetyIdentifiers[0]" },
        { """{"pools":{"p":{"destinations":{"d":{"address":"http://h/"},"D":{"address":"http://h/"}}}}}""", "pools.p.destinations.D" },
        { """{"pools":{"p":{"destinations":{"d":{"address":"http://h/"}}},"P":{"destinations":{"d":{"address":"http://h/"}}}}}""", "pools.P" },
    };

    public static TheoryData<string, string> Unreadable => new()
    {
        { "", "$" },
        { "null", "null" },
        { "[]", "$" },
        { "{", "$" },
        { """{"pool":{}}""", "pool" },
        { """{"pools":{"p":{"destination":{}}}}""", "destination" },
        { """{"limits":{"maxRequestbytes":5}}""", "maxRequestbytes" },
        { """{"limits":{},"limits":{}}""", "limits" },
        { """{"limits":{"maxRequestBytes":"5"}}""", "maxRequestBytes" },
        { """{"limits":{"maxRequestBytes":1e400}}""", "maxRequestBytes" },
        { """{"limits":null}""", "limits" },
        { """{"pools":null}""", "pools" },
        { """{"tenants":{"t":{"keys":{"k":{"hash":null}}}}}""", "hash" },
        { """{"tenants":{"t":{"keys":{"k":{"onBehalfOf":"sometimes"}}}}}""", "onBehalfOf" },
        { """{"tenants":{"t":{"keys":{"k":{"expiresAt":"tomorrow"}}}}}""", "expiresAt" },
        { """{"safety":{"hashKey":"\ud800"}}""", "hashKey" },
        { """{"safety":{"hashKey":"${EDGE_TEST_SURELY_NOT_SET}"},"pools":{"p":{"path":"/${EDGE_TEST_NOT_SET_EITHER}"}}}""", "EDGE_TEST_SURELY_NOT_SET" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_by_its_key(string json, string key)
    {
        var config = EdgeConfigFile.Parse(json.Replace("HASH", Hash, StringComparison.Ordinal));
        var e = Assert.Throws<EdgeConfigException>(() => EdgeHost.Create([], config));
        Assert.Contains(e.Faults, fault => fault.StartsWith(key + ":", StringComparison.Ordinal));
        Assert.All(e.Faults, fault => Assert.Contains(fault, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_is_named(string json, string named)
    {
        var e = Assert.Throws<EdgeConfigException>(() => EdgeConfigFile.Parse(json));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var config = EdgeConfigFile.Parse(
            """{"pools":{"p":{"path":"v1","destinations":{}}},"families":{"f":{"default":"x","variants":{}}},"tenants":{"t":{"keys":{"k":{}}}},"limits":{"keepAliveSeconds":0},"safety":{"hashKey":"x"}}""");
        var e = Assert.Throws<EdgeConfigException>(() => EdgeHost.Create([], config));
        foreach (var key in (string[])["pools.p.path", "pools.p.destinations", "families.f.default", "tenants.t.keys.k.hash", "limits.keepAliveSeconds", "safety.hashKey"])
            Assert.Contains(e.Faults, fault => fault.StartsWith(key + ":", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_variable_that_is_not_set_is_named_with_its_place()
    {
        var e = Assert.Throws<EdgeConfigException>(() => EdgeConfigFile.Parse((string)((IEnumerable<object[]>)Unreadable).Last()[0]));
        Assert.Equal(2, e.Faults.Count);
        Assert.Contains("$.safety.hashKey", e.Message, StringComparison.Ordinal);
        Assert.Contains("EDGE_TEST_NOT_SET_EITHER", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_stands_in_for_any_part_of_any_text_and_its_value_is_not_read_again()
    {
        Environment.SetEnvironmentVariable("EDGE_TEST_HOST", "h\"${EDGE_TEST_SURELY_NOT_SET}\\");
        var config = EdgeConfigFile.Parse("""{"tenants":{"t":{"blockedSafetyIdentifiers":["a${EDGE_TEST_HOST}b","$EDGE_TEST_HOST","${}"]}}}""");
        Assert.Equal(["ah\"${EDGE_TEST_SURELY_NOT_SET}\\b", "$EDGE_TEST_HOST", "${}"], config.Tenants["t"].BlockedSafetyIdentifiers);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_welcome()
    {
        var config = EdgeConfigFile.Parse("{ /* pools */ \"limits\": { \"keepAliveSeconds\": 5, }, // end\n }");
        Assert.Equal(5, config.Limits.KeepAliveSeconds);
    }

    [Fact]
    public void An_empty_configuration_has_the_documented_defaults()
    {
        var config = EdgeConfigFile.Parse("{}");
        Assert.Equal(32 * 1024 * 1024, config.Limits.MaxRequestBytes);
        Assert.Equal(16 * 1024 * 1024, config.Limits.MaxEventBytes);
        Assert.Equal(30, config.Limits.WriteStallSeconds);
        Assert.Equal(15, config.Limits.KeepAliveSeconds);
        Assert.Equal(30, config.Compatibility.MaxToolCalls);
        Assert.True(config.Compatibility.DoneMarker);
        Assert.False(config.Compatibility.StringRateLimitErrors);
        Assert.Equal(OnBehalfOfRule.Allowed, new KeyConfig().OnBehalfOf);
        Assert.Null(new PoolConfig().Path);
        Assert.Equal(["function"], new VariantConfig().Tools);
    }

    [Fact]
    public async Task The_default_of_max_tool_calls_follows_the_configuration()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Compatibility = config.Compatibility with { MaxToolCalls = 64 } });
        using var answer = await gateway.PostAsync(GatewayFixture.Hello());
        Assert.Equal(64, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("max_tool_calls").GetInt32());
    }

    [Fact]
    public async Task The_shipped_configuration_is_valid_once_its_variables_are_set()
    {
        Environment.SetEnvironmentVariable("MKA1_QUANTIZED_URL", "http://127.0.0.1:1/");
        Environment.SetEnvironmentVariable("MKA1_MOE_URL", "http://127.0.0.1:2/");
        Environment.SetEnvironmentVariable("MKA1_DENSE_URL", "http://127.0.0.1:3/");
        Environment.SetEnvironmentVariable("MKA1_ACME_KEY_HASH", ApiKeyFormat.HashText(TestKeys.Acme));
        Environment.SetEnvironmentVariable("MKA1_GLOBEX_KEY_HASH", ApiKeyFormat.HashText(TestKeys.Globex));
        var config = EdgeConfigFile.Read(ShippedPath());
        await using var app = EdgeHost.Create([], config);
        Assert.Equal(["mka1-mini"], config.Families.Keys);
        Assert.Equal(["meetkai:functionary-urdu-mini-pak"], config.Families["mka1-mini"].Aliases);
        Assert.Equal("dense", config.Families["mka1-mini"].Default);
        Assert.Equal(["acme", "globex"], config.Tenants.Keys);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var e = Assert.Throws<EdgeConfigException>(() => EdgeHost.Create(["--config", "/nowhere/edge.json"]));
        Assert.Contains("/nowhere/edge.json", e.Message, StringComparison.Ordinal);
    }

    private static string ShippedPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "config", "edge.json"))) folder = folder.Parent ?? throw new FileNotFoundException("config/edge.json");
        return Path.Combine(folder.FullName, "config", "edge.json");
    }
}
