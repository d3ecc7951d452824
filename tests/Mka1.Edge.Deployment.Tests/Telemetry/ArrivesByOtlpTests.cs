using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Mka1.Edge.Deployment.Tests.Support;
using Mka1.Edge.Local;
using Mka1.Edge.Telemetry;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Mka1.Edge.Deployment.Tests.Telemetry;

/// <summary>Promise: a collector gets one trace of a request, through gateway and model server, with metrics and log lines, and nothing of what was said.</summary>
public sealed class ArrivesByOtlpTests
{
    private const string Prompt = "What is the capital of France? Secret-prompt-7141.";
    private const string User = "secret-user-7141";

    [Fact]
    public async Task The_spans_of_gateway_and_model_server_are_one_trace_without_content()
    {
        await using var collector = await Collector.StartAsync();
        using var folder = new TemporaryFolder();
        var config = folder.At("edge.json");
        await File.WriteAllTextAsync(config, Config(collector.Address));
        Environment.SetEnvironmentVariable(OtlpTarget.EndpointVariable, collector.Address);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        string key, answer;
        try
        {
            // Whoever is disposed of sends what is left first.
            await using var run = await LocalRun.StartAsync(LocalOptions.Read(["--urls", "http://127.0.0.1:0", "--config", config]));
            key = run.Tenants[0].Key;
            answer = await AskAsync(run.Address, key);
        }
        finally
        {
            Environment.SetEnvironmentVariable(OtlpTarget.EndpointVariable, null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }

        Assert.Contains("response.incomplete", answer, StringComparison.Ordinal);
        // The local run's hosts share a process, and each sends what the others of its kind began.
        var spans = collector.Spans.DistinctBy(span => span.SpanId).ToList();
        var request = Assert.Single(spans, span => span.Name == "POST /api/v1/llm/responses");
        var attempt = Assert.Single(spans, span => span.ParentId == request.SpanId);
        var served = Assert.Single(spans, span => span.ParentId == attempt.SpanId);
        Assert.Equal((SentSpan.Server, SentSpan.Client, SentSpan.Server), (request.Kind, attempt.Kind, served.Kind));
        Assert.Equal(("mka1-edge-gateway", "mka1-edge-gateway", "mka1-edge-model-server"), (request.Service, attempt.Service, served.Service));
        Assert.Equal([request.TraceId], spans.Select(span => span.TraceId).Distinct());
        Assert.Equal("", request.ParentId);
        Assert.Equal("POST /v1/responses", served.Name);
        Assert.Equal("chat mka1-mini-dense", attempt.Name);
        foreach (var span in new[] { request, attempt, served })
        {
            Assert.Equal("chat", span.Attributes["gen_ai.operation.name"]);
            Assert.Equal("mka1_edge", span.Attributes["gen_ai.provider.name"]);
            Assert.Equal(request.Attributes["gen_ai.usage.input_tokens"], span.Attributes["gen_ai.usage.input_tokens"]);
            Assert.Equal(request.Attributes["gen_ai.usage.output_tokens"], span.Attributes["gen_ai.usage.output_tokens"]);
            Assert.Equal("length", span.Attributes["gen_ai.response.finish_reasons"]);
            Assert.Equal(["mka1.edge.first_token"], span.Events);
            Assert.DoesNotContain("error.type", span.Attributes.Keys);
        }

        Assert.Equal(("mka1-mini", "mka1-mini-dense", "200"), (request.Attributes["gen_ai.request.model"], request.Attributes["gen_ai.response.model"], request.Attributes["http.response.status_code"]));
        Assert.Equal("3", request.Attributes["gen_ai.usage.output_tokens"]);
        Assert.Contains("gen_ai.server.request.duration", collector.Text("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("mka1.modelserver.tokens.decoded", collector.Text("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("Run ended", collector.Text("/v1/logs"), StringComparison.Ordinal);

        foreach (var path in (string[])["/v1/traces", "/v1/metrics", "/v1/logs"])
        {
            var sent = collector.Text(path);
            Assert.Contains("mka1-mini-dense", sent, StringComparison.Ordinal);
            foreach (var secret in (string[])["Secret-prompt", "capital of France", User, key, "4bf92f3577b34da6a3ce929d0e0e4736"])
                Assert.DoesNotContain(secret, sent, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task<string> AskAsync(string address, string key)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/api/v1/llm/responses");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        var body = new JsonObject { ["model"] = "mka1-mini", ["input"] = Prompt, ["stream"] = true, ["store"] = false, ["temperature"] = 0, ["max_output_tokens"] = 3, ["user"] = User };
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Config(string collector)
    {
        var config = JsonNode.Parse(Checkout.Read("config/edge.json"), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        config["telemetry"] = new JsonObject { ["otlpEndpoint"] = collector, ["otlpProtocol"] = "httpProtobuf", ["otlpLogs"] = true, ["samplingRatio"] = 1 };
        return config.ToJsonString();
    }
}
