using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests.Trials;

/// <summary>Promise: a shadow is sent what clients have sent, and whatever it does, no client, no store and no bill ever knows.</summary>
public sealed class MirrorsRequestsTests
{
    private static readonly ShadowConfig All = new() { Pool = "moe", UpstreamModel = "shadow-model", Percent = 100 };

    public static TheoryData<string> Misbehaviours => ["hangs", "resets", "refuses", "fails", "talks nonsense", "says something else"];

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task Whatever_the_shadow_does_the_client_gets_its_own_answer(string misbehaviour)
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, shadow: All));
        gateway.Dense.Play(Scripts.Completed("Hel", "lo"));
        gateway.Moe.Play(misbehaviour switch
        {
            "hangs" => Scripts.Silence,
            "resets" => Scripts.Reset,
            "refuses" => Scripts.Json("""{"error":{"message":"no","code":"invalid_value"}}""", 400),
            "fails" => Scripts.Json("{}", 500),
            "talks nonsense" => Scripts.Json("<html>", contentType: "text/html"),
            _ => Scripts.Completed("Goodbye"),
        });

        var plain = await new ApiClient(gateway, TestKeys.Acme).CallAsync("POST", "/responses", GatewayFixture.Hello());
        Assert.Equal("Hello", plain.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        await gateway.Moe.NextCallAsync();
        var events = await gateway.StreamAsync();
        Assert.Equal("response.completed", events[^2].Name);
        await gateway.Moe.NextCallAsync();

        Assert.Equal(2, gateway.Ledger.Rows().Count);
        Assert.All(gateway.Ledger.Rows(), row => Assert.Equal((8, 7), (row.InputTokens, row.OutputTokens)));
        var kept = await new ApiClient(gateway, TestKeys.Acme).CallAsync("GET", $"/responses/{plain.GetProperty("id").GetString()}");
        Assert.Equal(plain.GetProperty("output").GetRawText(), kept.GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task The_shadow_gets_the_request_under_its_own_name_whole_and_after_the_client_was_answered()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, shadow: All));
        gateway.Dense.Play(Scripts.Completed("Hello"));
        gateway.Moe.Play(Scripts.Completed("Hello"));
        await gateway.StreamAsync("\"temperature\":0.5,\"user\":\"somebody\",\"stream_options\":{\"include_obfuscation\":false}");
        var call = await gateway.Moe.NextCallAsync();
        Assert.Equal("shadow-model", call.Json.GetProperty("model").GetString());
        Assert.Equal("0.5", call.Json.GetProperty("temperature").GetRawText());
        Assert.False(call.Json.GetProperty("store").GetBoolean());
        Assert.Equal("Say hello.", call.Json.GetProperty("input").GetString());
        foreach (var gone in new[] { "stream", "stream_options", "user" }) Assert.False(call.Json.TryGetProperty(gone, out _), gone);
    }

    [Fact]
    public async Task Operators_see_where_the_answers_differ()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, shadow: All));
        gateway.Dense.Play(Scripts.Completed("Hello"));
        gateway.Moe.Play(Scripts.Completed("Hello"));
        await SayAsync(gateway);
        await CountedAsync(gateway, 1);
        gateway.Moe.Play(Scripts.Completed("HelloHello"));
        await SayAsync(gateway);
        await CountedAsync(gateway, 2);
        gateway.Moe.Play(Scripts.Json(Transcript.Object("incomplete", "[]", Transcript.DefaultUsage)));
        await SayAsync(gateway);
        await CountedAsync(gateway, 3);
        gateway.Dense.Play(Scripts.Json(Call("""{\"a\":1,\"b\":2}""")));
        gateway.Moe.Play(Scripts.Json(Call("""{\"b\":2, \"a\":1}""")));
        await SayAsync(gateway);
        await CountedAsync(gateway, 4);
        gateway.Moe.Play(Scripts.Json(Call("""{\"a\":1,\"b\":3}""")));
        await SayAsync(gateway);
        await CountedAsync(gateway, 5);
        gateway.Moe.Play(Scripts.Json("{}", 500));
        await SayAsync(gateway);
        var report = await CountedAsync(gateway, 6);

        Assert.Equal((5, 2, 2, 1), (
            report.GetProperty("compared").GetInt64(), report.GetProperty("status_differs").GetInt64(),
            report.GetProperty("text_differs").GetInt64(), report.GetProperty("tool_calls_differ").GetInt64()));
        Assert.Equal((6, 0), (report.Number("main", "requests"), report.Number("main", "errors")));
        Assert.Equal((6, 1, 5 * 8, 5 * 7), (
            report.Number("mirror", "requests"), report.Number("mirror", "errors"), report.Number("mirror", "input_tokens"), report.Number("mirror", "output_tokens")));
        Assert.InRange(report.GetProperty("length_ratio").GetProperty("p99").GetDouble(), 1.9, 2.1);
    }

    [Fact]
    public async Task Only_so_many_are_under_way_and_the_rest_is_left_out()
    {
        await using var gateway = await GatewayFixture.StartAsync(config =>
        {
            var trial = TrialConfig.With(config, shadow: All);
            return trial with { Routing = trial.Routing with { ShadowConcurrency = 2 } };
        });
        gateway.Dense.Play(Scripts.Completed("Hello"));
        gateway.Moe.Play(Scripts.Silence);
        for (var n = 0; n < 5; n++) await SayAsync(gateway);
        var report = await TrialConfig.UntilAsync(gateway, "shadows", r => r.GetProperty("dropped").GetInt64() == 3);
        Assert.Equal(2, report.Number("main", "requests"));
        Assert.InRange(gateway.Moe.Calls.Count, 0, 2);
    }

    [Fact]
    public async Task Background_runs_and_what_a_canary_has_served_are_not_mirrored()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => TrialConfig.With(config, new CanaryConfig { Pool = "quantized", Percent = 100 }, All));
        gateway.Quantized.Play(Scripts.Completed("Hello"));
        await SayAsync(gateway);
        await TrialConfig.UntilAsync(gateway, "canaries", r => r.Number("trial", "requests") == 1);
        Assert.Empty(gateway.Moe.Calls);
        await gateway.DisposeAsync();

        await using var other = await GatewayFixture.StartAsync(config => TrialConfig.With(config, shadow: All));
        other.Dense.Play(Scripts.Completed("Hello"));
        using var queued = await other.PostAsync(GatewayFixture.Hello(extra: "\"background\":true"));
        Assert.True(queued.IsSuccessStatusCode);
        await other.Log.WaitForAsync(line => line.EventId == 1900 && line.Values["End"]?.ToString() == "Finished");
        await SayAsync(other);
        var report = await TrialConfig.UntilAsync(other, "shadows", r => r.Number("mirror", "requests") == 1);
        Assert.Equal(1, report.Number("main", "requests"));
    }

    private static async Task SayAsync(GatewayFixture gateway) =>
        await new ApiClient(gateway, TestKeys.Acme).CallAsync("POST", "/responses", GatewayFixture.Hello(extra: "\"store\":false"));

    private static Task<JsonElement> CountedAsync(GatewayFixture gateway, int requests) =>
        TrialConfig.UntilAsync(gateway, "shadows", report => report.Number("mirror", "requests") == requests);

    private static string Call(string arguments) => Transcript.Object(
        "completed", $$"""[{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"f","arguments":"{{arguments}}"}]""", Transcript.DefaultUsage);
}
