using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>
/// Promise: whatever a model server sends, the client gets a sound answer, a sound stream with its end, or an error, in time; and
/// never hears of a completion whose response is broken. Where a sound answer breaks off is tried byte by byte beside the gateway's own tests.
/// </summary>
public sealed class StreamsSurviveDamageTests(GatewayFixture gateway, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    private const long InCI = 3_000;
    private const int AtATime = 8;

    private readonly ConcurrentDictionary<int, Mutation> _played = new();
    private int _next;

    [Fact]
    public async Task Every_mutation_of_an_answer_ends_in_order()
    {
        foreach (var upstream in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) upstream.Play(PlayAsync);
        var samples = Sample.Of("upstream-stream", "upstream-json", "upstream-head");
        foreach (var sample in samples)
        {
            foreach (var store in (bool[])[true, false]) Assert.Null(Judge(new Mutation([sample], 0, []), store));
        }

        var run = new FuzzRun("upstream answers", FuzzRun.Wanted("MKA1_FUZZ_ANSWERS", InCI));
        await Task.Run(() => run.Over(samples, mutation => Judge(mutation, mutation.Bytes.Length % 2 == 0), AtATime));
        output.WriteLine($"{run.Done:N0} answers.");
        FuzzRun.Tell($"upstream answers: {run.Done:N0} done, 0 faults.");
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData(200, "text/event-stream", "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[}\n\ndata: [DONE]\n\n")]
    [InlineData(200, "text/event-stream", "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"failed\",\"output\":[]}}\n\ndata: [DONE]\n\n")]
    [InlineData(200, "text/event-stream", "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n")]
    [InlineData(200, "application/json", "{\"output\":")]
    [InlineData(500, "application/json", "{\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"param\":null,\"code\":\"server_error\"}}")]
    [InlineData(502, "application/json", "{\"error\":{\"message\":\"System.Exception\",\"type\":\"x\",\"param\":null,\"code\":\"x\"}}")]
    [InlineData(502, "text/plain", "no")]
    public void An_answer_out_of_order_is_found_out(int status, string contentType, string body) => Assert.NotNull(AnswerJudge.OfUpstream(status, contentType, body));

    private string? Judge(Mutation mutation, bool store)
    {
        var number = Interlocked.Increment(ref _next);
        _played[number] = mutation;
        var stream = mutation.Sample.Name is "text.txt" or "stream.txt";
        using var request = GatewayFixture.Create(GatewayFixture.Hello(stream: stream, extra: $"\"store\":{(store ? "true" : "false")},\"case\":{number}"));
        using var answer = gateway.Client.Send(request);
        var text = new StreamReader(answer.Content.ReadAsStream()).ReadToEnd();
        _played.TryRemove(number, out _);
        return AnswerJudge.OfUpstream((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text);
    }

    private async Task PlayAsync(UpstreamCall call)
    {
        // Asked again by a gateway that found no sense in the first answer, it says the same; who asked may be gone by then.
        if (!_played.TryGetValue(call.Json.GetProperty("case").GetInt32(), out var mutation)) return;
        if (mutation.Sample.Surface != "upstream-head")
            await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {(mutation.Sample.Surface == "upstream-stream" ? "text/event-stream" : "application/json")}\r\nConnection: close\r\n\r\n");
        await call.SendAsync(mutation.Bytes);
        call.Finish();
        await call.HoldAsync();
    }
}
