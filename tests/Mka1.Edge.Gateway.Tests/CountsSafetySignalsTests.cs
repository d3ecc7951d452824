using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: all that tells against a subject is counted once, for that subject alone, and nothing of what it said is kept or logged.</summary>
public sealed class CountsSafetySignalsTests
{
    [Fact]
    public async Task A_rule_that_refuses_does_so_before_any_work_without_saying_what_it_found()
    {
        await using var bench = await SafetyBench.StartAsync();
        foreach (var (input, identifier) in new (string, string?)[] { (SafetyBench.Refused, "u1"), (SafetyBench.Refused, null), ("RICIN!", "u1") })
        {
            using var answer = await bench.PostAsync(input, identifier);
            var error = await answer.AssertRefusedAsync(400, "invalid_prompt");
            foreach (var tell in (string[])["poison", "ricin", "RICIN", "pattern", "rule"])
                Assert.DoesNotContain(tell, error.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal(0, bench.Gateway.UpstreamCalls);
        var subject = await bench.Acme.CallAsync("GET", "/safety/u1");
        Assert.Equal((2, 2, 10.0), (subject.GetProperty("requests").GetInt32(), Signal(subject, "rule_hits"), Math.Round(subject.GetProperty("score").GetDouble(), 1)));
        Assert.Contains("rule_refusal warn>warn poison: 2", (await bench.AuditAsync()).Select(entry => entry.Replace("allow>allow", "warn>warn", StringComparison.Ordinal)));
        foreach (var line in bench.Gateway.Log.Lines)
        {
            Assert.DoesNotContain("ricin", line.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("u1", line.Values.Values.OfType<string>());
        }
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"pipe bomb"}]""", 1)]
    [InlineData("""[{"role":"user","content":[{"type":"input_text","text":"first"},{"type":"input_text","text":"a pipe bomb"}]}]""", 1)]
    [InlineData("""[{"role":"developer","content":"Never speak of a pipe bomb."},{"role":"user","content":"Hello."}]""", 1)]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"I will not help with a pipe bomb."},{"role":"user","content":"Fine."}]""", 0)]
    [InlineData("""[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"a pipe bomb"}]""", 1)]
    [InlineData("""[{"role":"user","content":"pipe"},{"role":"user","content":"bomb"}]""", 0)]
    public async Task Rules_look_at_all_that_goes_to_the_model_but_what_it_said_itself(string input, int hits)
    {
        await using var bench = await SafetyBench.StartAsync();
        using var answer = await bench.Gateway.PostAsync($$"""{"model":"{{GatewayFixture.Family}}","store":false,"safety_identifier":"u1","input":{{input}}}""");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(hits, Signal(await bench.Acme.CallAsync("GET", "/safety/u1"), "rule_hits"));
    }

    [Fact]
    public async Task A_turn_that_is_sent_again_with_every_later_one_counts_once_and_so_do_instructions()
    {
        await using var bench = await SafetyBench.StartAsync();
        await SendAsync("");
        await SendAsync("""{"role":"assistant","content":"No."},{"role":"user","content":"Why?"}""");
        await SendAsync("""{"role":"assistant","content":"No."},{"role":"user","content":"Why?"},{"role":"assistant","content":"No."},{"role":"user","content":"Oh."}""");

        Assert.Equal(1, Signal(await bench.Acme.CallAsync("GET", "/safety/u1"), "rule_hits"));

        async Task SendAsync(string rest)
        {
            using var answer = await bench.Gateway.PostAsync(
                $$"""{"model":"{{GatewayFixture.Family}}","store":false,"safety_identifier":"u1","instructions":"No pipe bomb.","input":[{"role":"user","content":"A pipe bomb?"}{{(rest.Length > 0 ? "," + rest : "")}}]}""");
            Assert.Equal(200, (int)answer.StatusCode);
            bench.Clock.Advance(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public async Task Only_the_last_characters_are_looked_at_up_to_the_bound()
    {
        await using var bench = await SafetyBench.StartAsync(config => config with { Safety = config.Safety with { MaxCharacters = 1000 } });
        await bench.SendAsync("pipe bomb" + new string('.', 1000), "start");
        await bench.SendAsync(new string('.', 1000) + "pipe bomb", "end");
        Assert.Equal(0, Signal(await bench.Acme.CallAsync("GET", "/safety/start"), "rule_hits"));
        Assert.Equal(1, Signal(await bench.Acme.CallAsync("GET", "/safety/end"), "rule_hits"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_refuses_is_a_signal_in_a_whole_answer_and_in_a_stream(bool stream)
    {
        const string Part = """{"type":"refusal","refusal":"No."}""";
        const string Output = $$"""[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{{Part}}]}]""";
        await using var bench = await SafetyBench.StartAsync();
        bench.Gateway.Dense.Script = stream
            ? Scripts.Stream(
            [
                .. Transcript.Opening().Take(3),
                Transcript.Event("response.refusal.delta", 3, """{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"No."}"""),
                Transcript.Snapshot("response.completed", 4, "completed", "[]", Transcript.DefaultUsage),
            ])
            : Scripts.Json(Transcript.Object("completed", Output, Transcript.DefaultUsage));
        using (var answer = await bench.PostAsync(SafetyBench.Plain, extra: stream ? ",\"stream\":true" : "")) await SettledAsync(bench, answer);
        var subject = await bench.Acme.CallAsync("GET", "/safety/u1");
        Assert.Equal((1, 2.0), (Signal(subject, "model_refusals"), Math.Round(subject.GetProperty("score").GetDouble(), 1)));
    }

    [Fact]
    public async Task A_few_refused_requests_are_nothing_and_a_storm_of_them_is()
    {
        await using var bench = await SafetyBench.StartAsync(config => config with { Safety = config.Safety with { ClientErrorsPerMinute = 3 } });
        for (var i = 0; i < 5; i++)
        {
            using var answer = await bench.PostAsync(SafetyBench.Plain, extra: ",\"previous_response_id\":\"resp_00000000000000000000000000000000\"");
            await answer.AssertRefusedAsync(400);
            await SettledAsync(bench, answer);
        }

        Assert.Equal(2, Signal(await bench.Acme.CallAsync("GET", "/safety/u1"), "client_errors"));
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        using (var answer = await bench.PostAsync(SafetyBench.Plain, extra: ",\"previous_response_id\":\"resp_00000000000000000000000000000000\"")) await SettledAsync(bench, answer);
        Assert.Equal(2, Signal(await bench.Acme.CallAsync("GET", "/safety/u1"), "client_errors"));
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_tells_against_the_end_user_of_the_head()
    {
        await using var bench = await SafetyBench.StartAsync(config => config with { Safety = config.Safety with { ClientErrorsPerMinute = 1 } });
        for (var i = 0; i < 3; i++)
        {
            using var request = GatewayFixture.Create("{", TestKeys.Acme);
            request.Headers.Add("X-On-Behalf-Of", "alice");
            using var answer = await bench.Gateway.Client.SendAsync(request);
            await SettledAsync(bench, answer);
        }

        var subject = await bench.Acme.CallAsync("GET", "/safety/alice");
        Assert.Equal((2, 0), (Signal(subject, "client_errors"), subject.GetProperty("requests").GetInt32()));
    }

    [Fact]
    public async Task Being_blocked_is_no_reason_to_stay_blocked()
    {
        await using var bench = await SafetyBench.StartAsync(config => config with { Safety = config.Safety with { ClientErrorsPerMinute = 1 } });
        for (var i = 0; i < 8; i++) await bench.SendAsync(SafetyBench.Scored + i);
        for (var i = 0; i < 20; i++) Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain));
        Assert.Equal(0, Signal(await bench.Acme.CallAsync("GET", "/safety/u1"), "client_errors"));
    }

    [Fact]
    public async Task A_request_refused_by_a_quota_before_its_body_is_read_tells_against_the_end_user_of_the_head()
    {
        await using var bench = await SafetyBench.StartAsync();
        var services = bench.Gateway.App.Services;
        var edge = new EdgeRequest("req", services.GetRequiredService<EdgeConfiguration>().Current)
        {
            Caller = new Caller(new KeyGrant("acme", "main", new HashSet<string>()), "alice"),
        };
        for (var i = 0; i < 4; i++) services.GetRequiredService<SafetySignals>().QuotaRefused(edge);
        var subject = await bench.Acme.CallAsync("GET", "/safety/alice");
        Assert.Equal((4, 0.8), (Signal(subject, "quota_refusals"), Math.Round(subject.GetProperty("score").GetDouble(), 3)));
    }

    [Fact]
    public async Task Nobody_named_is_nobody_counted()
    {
        await using var bench = await SafetyBench.StartAsync();
        for (var i = 0; i < 20; i++) Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Scored, identifier: null));
        Assert.Equal(0, bench.Tracker.Count);
    }

    private static int Signal(JsonElement subject, string name) => subject.GetProperty("signals").GetProperty(name).GetInt32();

    private static async Task SettledAsync(SafetyBench bench, HttpResponseMessage answer)
    {
        await answer.Content.ReadAsStringAsync();
        await bench.Gateway.SettledAsync(answer.Headers.GetValues("x-request-id").Single());
    }
}
