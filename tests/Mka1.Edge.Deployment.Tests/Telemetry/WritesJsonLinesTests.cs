using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mka1.Edge.Deployment.Tests.Support;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Deployment.Tests.Telemetry;

/// <summary>Promise: with JSON lines everything that a gateway prints is JSON, and lines of one request bear its ids.</summary>
public sealed class WritesJsonLinesTests
{
    private static readonly string Key = ApiKeyFormat.Create();

    [Fact]
    public async Task Every_line_is_an_object_and_bears_the_ids_of_request_and_trace()
    {
        using var folder = new TemporaryFolder();
        var config = folder.At("edge.json");
        await File.WriteAllTextAsync(config, Config());
        await using var gateway = await GatewayProcess.StartAsync(config);
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Address), Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses") { Content = new StringContent("""{"model":"m","input":"Secret words.","store":false}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", $"Bearer {Key}");
        request.Headers.Add("x-request-id", "request-7141");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        await gateway.StopAsync();

        var lines = gateway.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        var access = Assert.Single(lines, line => (int)line["EventId"]! == 2500);
        Assert.Equal(("request-7141", 503, "no_backend_available"), ((string)access["State"]!["RequestId"]!, (int)access["State"]!["Status"]!, (string)access["State"]!["Error"]!));
        var failed = lines.First(line => (int)line["EventId"]! == 1700);
        var scopes = failed["Scopes"]!.AsArray();
        Assert.Contains(scopes, scope => (string?)scope!["RequestId"] == "request-7141");
        Assert.Contains(scopes, scope => (string?)scope!["TraceId"] == (string?)access["State"]!["TraceId"]);
        Assert.Equal(32, ((string)access["State"]!["TraceId"]!).Length);
        Assert.DoesNotContain(gateway.Lines, line => line.Contains("Secret words", StringComparison.Ordinal) || line.Contains(Key, StringComparison.Ordinal));
    }

    /// <summary>A pool and a collector that nobody listens for: port 9 of this machine.</summary>
    private static string Config() => $$"""
        {
          "telemetry": { "logFormat": "json", "accessLog": true, "otlpEndpoint": "http://127.0.0.1:9", "otlpProtocol": "httpProtobuf", "samplingRatio": 1 },
          "pools": { "p": { "destinations": { "one": { "address": "http://127.0.0.1:9" } } } },
          "families": { "f": { "default": "dense", "variants": { "dense": { "model": "m", "pool": "p" } } } },
          "tenants": { "t": { "keys": { "k": { "hash": "{{ApiKeyFormat.HashText(Key)}}" } } } }
        }
        """;
}
