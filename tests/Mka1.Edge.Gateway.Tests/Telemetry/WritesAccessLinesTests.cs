using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests.Telemetry;

/// <summary>Promise: where it is asked for, each request has one line in the log that tells how it went, and neither content nor caller.</summary>
public sealed class WritesAccessLinesTests
{
    private const int AccessLine = 2500;

    [Fact]
    public async Task An_answered_request_has_one_line_with_status_model_tokens_and_times()
    {
        await using var gateway = await StartAsync(accessLog: true);
        gateway.Dense.Play(Scripts.Stream(Transcript.Text("secret-", "answer")));
        await gateway.StreamAsync("\"store\":false,\"user\":\"secret-user\"");

        var line = await gateway.Log.WaitForAsync(line => line.EventId == AccessLine);
        Assert.Equal(("POST", "/api/v1/llm/responses", 200), (line.Values["Method"], line.Values["Route"], line.Values["Status"]));
        Assert.Equal((GatewayFixture.Family, "mka1-mini-dense", "one"), (line.Values["Model"], line.Values["Variant"], line.Values["Destination"]));
        Assert.True((long)line.Values["InputTokens"]! > 0);
        Assert.True((long)line.Values["OutputTokens"]! > 0);
        Assert.NotNull(line.Values["FirstTokenMilliseconds"]);
        Assert.NotNull(line.Values["RequestId"]);
        Assert.Null(line.Values["Error"]);
        foreach (var secret in (string[])["secret", "Say hello", TestKeys.Acme, "acme"])
            Assert.All(gateway.Log.Lines.Where(l => l.EventId is AccessLine or 1900), l => Assert.DoesNotContain(secret, l.Text, StringComparison.OrdinalIgnoreCase));
        Assert.Single(gateway.Log.Lines, l => l.EventId == AccessLine);
    }

    [Fact]
    public async Task A_refused_request_has_a_line_with_its_code_and_a_health_check_has_none()
    {
        await using var gateway = await StartAsync(accessLog: true);
        using (await gateway.Client.GetAsync("/healthz")) { }
        using (await gateway.PostAsync(GatewayFixture.Hello("made-up"))) { }
        using (await gateway.PostAsync(GatewayFixture.Hello(), "no-key")) { }

        var refused = await gateway.Log.WaitForAsync(line => line.EventId == AccessLine && Equals(line.Values["Error"], "invalid_api_key"));
        Assert.Equal(401, refused.Values["Status"]);
        var lines = gateway.Log.Lines.Where(line => line.EventId == AccessLine).ToList();
        Assert.Equal(["model_not_found", "invalid_api_key"], lines.Select(line => line.Values["Error"]));
        Assert.DoesNotContain("made-up", lines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_not_asked_for_there_is_none()
    {
        await using var gateway = await StartAsync(accessLog: false);
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"));
        await gateway.Log.WaitForAsync(line => line.EventId == 1900);
        Assert.DoesNotContain(gateway.Log.Lines, line => line.EventId == AccessLine);
    }

    private static Task<GatewayFixture> StartAsync(bool accessLog) =>
        GatewayFixture.StartAsync(config => config with { Telemetry = new TelemetryConfig { AccessLog = accessLog } });
}
