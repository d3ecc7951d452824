using Mka1.Edge.Gateway.Tests.Support;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a request sent again with its Idempotency-Key is answered as the first one was, and works the model once.</summary>
public sealed class RepeatsSafelyTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Replayed = "Idempotent-Replayed";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_repeat_gets_the_same_bytes_and_reaches_no_model_server(bool stream)
    {
        gateway.Dense.Play(Scripts.Completed("Hé", "😀"));
        var key = NewKey();
        using var first = await SendAsync(key, GatewayFixture.Hello(stream: stream));
        var text = await first.Content.ReadAsStringAsync();
        Assert.True(first.IsSuccessStatusCode, text);
        Assert.False(first.Headers.Contains(Replayed));
        for (var i = 0; i < 2; i++)
        {
            using var again = await SendAsync(key, GatewayFixture.Hello(stream: stream));
            Assert.Equal(["true"], again.Headers.GetValues(Replayed));
            Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
            Assert.Equal(text, await again.Content.ReadAsStringAsync());
        }

        Assert.Single(gateway.Dense.Calls);
        if (stream) StrictClient.Follow(Wire.Events(text));
        else Assert.Equal(text, await gateway.ReadAsync(IdOf(text)));
    }

    [Fact]
    public async Task A_repeat_of_a_background_request_finds_its_response()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var key = NewKey();
        using var first = await SendAsync(key, GatewayFixture.Hello(extra: "\"background\":true"));
        var id = IdOf(await first.Content.ReadAsStringAsync());
        await gateway.UntilAsync(id, "completed");
        using var again = await SendAsync(key, GatewayFixture.Hello(extra: "\"background\":true"));
        Assert.Equal(await gateway.ReadAsync(id), await again.Content.ReadAsStringAsync());
        Assert.Single(gateway.Dense.Calls);
    }

    [Fact]
    public async Task Of_many_at_once_one_works_the_model_and_all_get_its_answer()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Dense.Play(async call =>
        {
            await goOn.Task;
            await Scripts.Completed("Hello")(call);
        });
        var key = NewKey();
        var answers = Enumerable.Range(0, 32).Select(_ => SendAsync(key, GatewayFixture.Hello())).ToArray();
        await gateway.Dense.NextCallAsync();
        goOn.SetResult();
        var bodies = new HashSet<string>();
        foreach (var answer in answers)
        {
            using var one = await answer;
            Assert.True(one.IsSuccessStatusCode);
            bodies.Add(await one.Content.ReadAsStringAsync());
        }

        Assert.Single(bodies);
        Assert.Single(gateway.Dense.Calls);
    }

    [Fact]
    public async Task A_second_caller_of_a_running_stream_reads_along()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        model.Say([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]);
        var key = NewKey();
        using var first = await OpenAsync(key);
        await first.UntilAsync("\"Hel\"");
        using var second = await OpenAsync(key);
        await second.UntilAsync("\"Hel\"");
        Assert.True(second.Answer.Headers.Contains(Replayed));
        model.End([Transcript.Delta("lo", 5), .. Transcript.Closing("Hello", 6)]);
        Assert.Equal(await first.EndAsync(), await second.EndAsync());
        Assert.Single(gateway.Dense.Calls);
        StrictClient.Follow(Wire.Events(first.Text));
    }

    [Fact]
    public async Task A_caller_that_was_cut_off_reads_the_whole_stream_by_asking_again()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        model.Say([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]);
        var key = NewKey();
        using var first = await OpenAsync(key);
        await first.UntilAsync("\"Hel\"");
        first.Dispose();
        using var again = await OpenAsync(key);
        model.End([Transcript.Delta("lo", 5), .. Transcript.Closing("Hello", 6)]);
        Assert.StartsWith(first.Text, await again.EndAsync(), StringComparison.Ordinal);
        Assert.Equal("Hello", StrictClient.Follow(Wire.Events(again.Text)).OutputText);
        Assert.Single(gateway.Dense.Calls);
    }

    [Fact]
    public async Task A_key_stands_for_one_request()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var key = NewKey();
        using var first = await SendAsync(key, GatewayFixture.Hello());
        using var other = await SendAsync(key, GatewayFixture.Hello(extra: "\"temperature\":0.5"));
        await other.AssertRefusedAsync(422, "idempotency_key_reused", "Idempotency-Key");
        using var again = await SendAsync(key, GatewayFixture.Hello());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Single(gateway.Dense.Calls);
    }

    [Fact]
    public async Task Each_owner_has_keys_of_its_own()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var key = NewKey();
        var ids = new HashSet<string>();
        foreach (var (apiKey, user) in new (string, string?)[] { (TestKeys.Acme, null), (TestKeys.Globex, null), (TestKeys.Acme, "one"), (TestKeys.Acme, "two") })
        {
            using var answer = await SendAsync(key, GatewayFixture.Hello(), apiKey, user);
            Assert.False(answer.Headers.Contains(Replayed));
            Assert.True(ids.Add(IdOf(await answer.Content.ReadAsStringAsync())));
        }

        Assert.Equal(4, gateway.Dense.Calls.Count);
    }

    [Fact]
    public async Task A_request_that_was_wrong_uses_up_no_key()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var key = NewKey();
        foreach (var wrong in (string[])["{", GatewayFixture.Hello("unknown"), GatewayFixture.Hello(extra: "\"temperature\":9"), GatewayFixture.Hello(extra: "\"store\":false")])
        {
            using var refused = await SendAsync(key, wrong);
            Assert.False(refused.IsSuccessStatusCode);
        }

        using var answer = await SendAsync(key, GatewayFixture.Hello());
        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(answer.Headers.Contains(Replayed));
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(400, false)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    [InlineData(503, true)]
    public async Task What_came_to_nothing_may_be_tried_again_with_the_same_key(int status, bool stream)
    {
        gateway.Dense.Play(Scripts.Json("{}", status));
        var key = NewKey();
        using var refused = await SendAsync(key, GatewayFixture.Hello(stream: stream));
        Assert.False(refused.IsSuccessStatusCode);
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var answer = await SendAsync(key, GatewayFixture.Hello(stream: stream));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains(Replayed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waited_for_what_came_to_nothing_is_told_so(bool stream)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Dense.Play(async call =>
        {
            await goOn.Task;
            await Scripts.Json("{}", 500)(call);
        });
        var key = NewKey();
        var first = SendAsync(key, GatewayFixture.Hello(stream: stream));
        await gateway.Dense.NextCallAsync();
        var second = SendAsync(key, GatewayFixture.Hello(stream: stream));

        // Whether the second one has come to wait by now or will find the key free decides which refusal it gets; both are one.
        await Task.WhenAny(second, Task.Delay(200));
        goOn.SetResult();
        foreach (var sent in (Task<HttpResponseMessage>[])[first, second])
        {
            using var answer = await sent;
            await answer.AssertRefusedAsync((int)answer.StatusCode);
            Assert.True((int)answer.StatusCode is 502 or 503);
            Assert.False(answer.Headers.Contains(Replayed));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\tbed")]
    [InlineData("umläut")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var calls = gateway.UpstreamCalls;
        using var answer = await SendRawAsync($"Idempotency-Key: {key}\r\n");
        await answer.AssertRefusedAsync(400, "invalid_value", "Idempotency-Key");
        Assert.Equal(calls, gateway.UpstreamCalls);
    }

    [Fact]
    public async Task A_key_has_a_longest_length_and_is_sent_once()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var longest = await SendRawAsync($"Idempotency-Key: {new string('k', 255)}\r\n");
        Assert.True(longest.IsSuccessStatusCode);
        using var longer = await SendRawAsync($"Idempotency-Key: {new string('k', 256)}\r\n");
        await longer.AssertRefusedAsync(400, "invalid_value", "Idempotency-Key");
        using var twice = await SendRawAsync("Idempotency-Key: a\r\nIdempotency-Key: b\r\n");
        await twice.AssertRefusedAsync(400, "invalid_value", "Idempotency-Key");
    }

    [Fact]
    public async Task What_is_not_kept_cannot_be_repeated()
    {
        using var answer = await SendAsync(NewKey(), GatewayFixture.Hello(extra: "\"store\":false"));
        await answer.AssertRefusedAsync(400, "invalid_value", "Idempotency-Key");
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private static HttpRequestMessage Keyed(string key, string body, string? apiKey = null, string? user = null)
    {
        var request = GatewayFixture.Create(body, apiKey);
        request.Headers.Add("Idempotency-Key", key);
        if (user is not null) request.Headers.Add("X-On-Behalf-Of", user);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(string key, string body, string? apiKey = null, string? user = null)
    {
        using var request = Keyed(key, body, apiKey, user);
        return await gateway.Client.SendAsync(request);
    }

    private Task<StreamClient> OpenAsync(string key) => StreamClient.OpenAsync(gateway, Keyed(key, GatewayFixture.Hello(stream: true)));

    private async Task<HttpResponseMessage> SendRawAsync(string headers)
    {
        var body = GatewayFixture.Hello();
        return RawHttp.Parse(await RawHttp.ExchangeAsync(gateway.Port,
            $"POST /api/v1/llm/responses HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nAuthorization: Bearer {TestKeys.Acme}\r\n{headers}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }
}
