using System.Diagnostics;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Telemetry;

/// <summary>Promise: a trace tells how a request went and never what was in it or whose it was; where nobody wants traces they cost nothing.</summary>
public sealed class TellsItsTracesTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_stream_has_a_span_with_the_conventions_attributes_and_one_for_its_try()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        using var spans = new SpanCapture(gateway);
        gateway.Dense.Play(Scripts.Stream(Transcript.Text("secret-", "answer")));
        await gateway.StreamAsync("\"store\":false,\"user\":\"secret-user\"");

        var (request, attempts) = await spans.TraceAsync();
        var attempt = Assert.Single(attempts);
        Assert.Equal("POST /api/v1/llm/responses", request.DisplayName);
        Assert.Equal(default, request.ParentSpanId);
        Assert.Equal(200, request.GetTagItem("http.response.status_code"));
        Assert.Equal("chat", request.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("mka1_edge", request.GetTagItem("gen_ai.provider.name"));
        Assert.Equal(GatewayFixture.Family, request.GetTagItem("gen_ai.request.model"));
        Assert.Equal("mka1-mini-dense", request.GetTagItem("gen_ai.response.model"));
        Assert.Equal(["stop"], (string[])request.GetTagItem("gen_ai.response.finish_reasons")!);
        Assert.IsType<long>(request.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.IsType<long>(request.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Single(request.Events, e => e.Name == "mka1.edge.first_token");
        Assert.Null(request.GetTagItem("error.type"));

        Assert.Equal(("chat dense-on-server", ActivityKind.Client), (attempt.DisplayName, attempt.Kind));
        Assert.Equal("served", attempt.GetTagItem("mka1.edge.attempt.end"));
        Assert.Equal("dense-on-server", attempt.GetTagItem("gen_ai.request.model"));
        Assert.Single(attempt.Events, e => e.Name == "mka1.edge.first_token");
        Assert.Equal([attempt.Id], Assert.Single(gateway.Dense.Calls).Headers["traceparent"]);

        var told = Told(spans.Ended);
        Assert.Contains("mka1-mini-dense", told, StringComparison.Ordinal);
        foreach (var secret in (string[])["secret", "Say hello", TestKeys.Acme, "acme", GatewayFixture.UpstreamApiKey])
            Assert.DoesNotContain(secret, told, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Each_try_has_a_span_and_the_one_that_came_to_nothing_says_so()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with
        {
            Pools = config.Pools.ToDictionary(pool => pool.Key, pool => pool.Value with
            {
                Destinations = new Dictionary<string, DestinationConfig>(pool.Value.Destinations) { ["two"] = pool.Value.Destinations["one"] },
            }),
        });
        using var spans = new SpanCapture(gateway);
        var calls = 0;
        gateway.Dense.Play(call => Interlocked.Increment(ref calls) == 1 ? Scripts.Json("{}", 500)(call) : Scripts.Completed("ok")(call));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"store\":false"));
        Assert.True(answer.IsSuccessStatusCode);

        var (request, attempts) = await spans.TraceAsync();
        Assert.Equal(2, attempts.Count);
        Assert.Equal(("bad_status", 1, ActivityStatusCode.Error), (attempts[0].GetTagItem("error.type"), attempts[0].GetTagItem("mka1.edge.attempt"), attempts[0].Status));
        Assert.Equal(("served", 2, ActivityStatusCode.Unset), (attempts[1].GetTagItem("mka1.edge.attempt.end"), attempts[1].GetTagItem("mka1.edge.attempt"), attempts[1].Status));
        Assert.NotEqual(attempts[0].GetTagItem("mka1.edge.destination"), attempts[1].GetTagItem("mka1.edge.destination"));
        Assert.Equal(ActivityStatusCode.Unset, request.Status);
    }

    [Fact]
    public async Task A_refusal_says_its_code_and_not_the_name_that_the_client_made_up()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        using var spans = new SpanCapture(gateway);
        using var answer = await gateway.PostAsync(GatewayFixture.Hello("made-up-model"));
        var (request, attempts) = await spans.TraceAsync();
        Assert.Equal(("model_not_found", 404), (request.GetTagItem("error.type"), request.GetTagItem("http.response.status_code")));
        Assert.Empty(attempts);
        Assert.DoesNotContain("made-up", Told(spans.Ended), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_background_run_has_a_trace_of_its_own()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        using var spans = new SpanCapture(gateway);
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: "\"background\":true"));
        var (run, attempts) = await spans.TraceAsync(ActivityKind.Consumer);
        var (request, _) = await spans.TraceAsync();
        Assert.NotEqual(request.TraceId, run.TraceId);
        Assert.Equal(request.GetTagItem("gen_ai.response.id"), run.GetTagItem("gen_ai.response.id"));
        Assert.Equal("Finished", run.GetTagItem("mka1.edge.end"));
        Assert.Single(attempts);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_callers_trace_is_taken_up_by_a_setting_only_and_passed_on_whether_or_not_anybody_wants_spans(bool accept, bool wanted)
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Telemetry = new TelemetryConfig { AcceptTraceparent = accept } });
        using var spans = wanted ? new SpanCapture(gateway) : null;
        using var request = GatewayFixture.Create(GatewayFixture.Hello(extra: "\"store\":false"));
        request.Headers.Add("traceparent", Caller);
        request.Headers.Add("tracestate", "vendor=canary");
        request.Headers.Add("baggage", "who=canary");
        using var answer = await gateway.Client.SendAsync(request);

        var call = Assert.Single(gateway.Dense.Calls);
        var sent = call.Headers["traceparent"].SingleOrDefault();
        Assert.Equal(accept || wanted, sent is not null);
        Assert.Equal(accept, sent?.Contains(CallersTrace, StringComparison.Ordinal) ?? false);
        Assert.DoesNotContain("b7ad6b7169203331", sent ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("canary", call.Head, StringComparison.Ordinal);
        if (spans is null) return;
        var (span, _) = await spans.TraceAsync();
        Assert.Equal(accept ? "b7ad6b7169203331" : "0000000000000000", span.ParentSpanId.ToHexString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-trace")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    public async Task A_trace_that_is_none_is_not_taken_up(string header)
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with { Telemetry = new TelemetryConfig { AcceptTraceparent = true } });
        using var request = GatewayFixture.Create(GatewayFixture.Hello(extra: "\"store\":false"));
        request.Headers.TryAddWithoutValidation("traceparent", header);
        using var answer = await gateway.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Empty(Assert.Single(gateway.Dense.Calls).Headers["traceparent"]);
    }

    [Fact]
    public async Task Where_nobody_wants_spans_the_door_allocates_nothing_and_where_somebody_does_it_allocates()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        var tracing = gateway.App.Services.GetRequiredService<EdgeTracing>();
        var door = ActivatorUtilities.CreateInstance<RequestTelemetryMiddleware>(gateway.App.Services, (RequestDelegate)(_ => Task.CompletedTask));
        var http = new DefaultHttpContext();
        http.Request.Path = "/api/v1/llm/responses";
        Assert.Equal(0, Allocations.Least(Pass));

        using var spans = new SpanCapture(gateway);
        Assert.NotEqual(0, Allocations.Least(Pass));

        void Pass()
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.True(door.InvokeAsync(http).IsCompletedSuccessfully);
                if (!tracing.IsOn) Assert.Null(tracing.BeginAttempt(null!, null!, null!, 0));
            }
        }
    }

    /// <summary>Every word that the spans tell.</summary>
    private static string Told(IEnumerable<Activity> spans) => string.Join('\n', spans.Select(span =>
        $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} {string.Join(' ', span.Events.Select(e => e.Name + string.Join(' ', e.Tags)))} {string.Join(' ', span.Baggage)}"));
}
