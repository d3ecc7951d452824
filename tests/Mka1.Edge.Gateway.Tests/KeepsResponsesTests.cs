using Mka1.Edge.Gateway.Tests.Support;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: what a client was given can be read again, the very same bytes, by its owner and by nobody else.</summary>
public sealed class KeepsResponsesTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Owner = "owner";

    /// <summary>Everything that can be asked about one response.</summary>
    public static TheoryData<string, string> Questions => new()
    {
        { "GET", "" },
        { "GET", "?stream=true" },
        { "GET", "?stream=true&starting_after=3" },
        { "GET", "/input_items" },
        { "POST", "/cancel" },
        { "POST", "" },
        { "DELETE", "" },
    };

    [Fact]
    public async Task A_JSON_answer_reads_back_byte_for_byte()
    {
        gateway.Dense.Play(Scripts.Completed("Hé 😀"));
        var body = await gateway.CreateAsync("\"metadata\":{\"a\":\"1\"},\"temperature\":0.70");
        Assert.Equal("completed", StatusOf(body));
        Assert.Equal(body, await gateway.ReadAsync(IdOf(body)));
        Assert.Equal(body, await gateway.ReadAsync(IdOf(body)));
    }

    [Fact]
    public async Task A_stream_reads_back_as_its_terminal_event_had_it()
    {
        gateway.Dense.Play(Scripts.Completed("Hé ", "😀"));
        var heard = await gateway.StreamAsync();
        Assert.Equal(ResponseOf(heard[^2]), await gateway.ReadAsync(StrictClient.Follow(heard).Id));
    }

    [Fact]
    public async Task Text_of_any_Unicode_reads_back()
    {
        gateway.Dense.Play(Scripts.Completed("\0\u001f\u2028\uffff\ud83d\ude00"));
        var body = await gateway.CreateAsync("\"instructions\":\"\\u0000 \\u2028 \\ud83d\\ude00\"");
        Assert.Equal(body, await gateway.ReadAsync(IdOf(body)));
    }

    [Fact]
    public async Task A_stream_that_failed_reads_back_as_failed()
    {
        gateway.Dense.Play(Scripts.StreamCut([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]));
        var heard = await gateway.StreamAsync();
        if (heard[^2].Name != "response.failed") Assert.Fail(string.Concat(heard));
        var stored = await gateway.ReadAsync(heard[0].Json.GetProperty("response").GetProperty("id").GetString()!);
        Assert.Equal(ResponseOf(heard[^2]), stored);
        Assert.Equal("failed", StatusOf(stored));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_store_false_nothing_is_kept(bool stream)
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: stream, extra: "\"store\":false"));
        var text = await answer.Content.ReadAsStringAsync();
        var id = IdOf(stream ? ResponseOf(Wire.Events(text)[^2]) : text);
        using var gone = await gateway.AskAsync(id);
        await gone.AssertRefusedAsync(404, "not_found");
    }

    [Theory]
    [InlineData("resp_")]
    [InlineData("resp_a%20b")]
    [InlineData("resp_..%2fx")]
    [InlineData("conv_0123456789abcdef0123456789abcdef")]
    [InlineData("1")]
    public async Task An_id_that_is_none_is_400_whatever_is_asked(string id)
    {
        foreach (var (method, rest) in Questions.Select(row => ((string)row[0], (string)row[1])))
        {
            using var request = Question(method, id + rest);
            using var answer = await gateway.Client.SendAsync(request);
            await answer.AssertRefusedAsync(400, "invalid_value", "response_id");
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Others_get_what_they_would_get_for_an_id_that_never_was(string method, string rest)
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var create = GatewayFixture.Create(GatewayFixture.Hello());
        create.Headers.Add("X-On-Behalf-Of", Owner);
        using var created = await gateway.Client.SendAsync(create);
        var body = await created.Content.ReadAsStringAsync();
        var id = IdOf(body);

        foreach (var (key, user) in new (string, string?)[] { (TestKeys.Globex, Owner), (TestKeys.Globex, null), (TestKeys.Acme, "stranger"), (TestKeys.Acme, null), (TestKeys.UserForbidden, null) })
        {
            var foreign = await RefusalAsync(method, id + rest, key, user);
            Assert.Equal(await RefusalAsync(method, "resp_" + new string('0', 32) + rest, key, user), foreign);
        }

        // What was refused to them was there all the while, and its owner is not refused it.
        Assert.Equal(body, await OwnersAsync("GET", id));
        if (rest == "/cancel") Assert.Contains("invalid_state", await OwnersAsync(method, id + rest, 400), StringComparison.Ordinal);
        else Assert.NotEmpty(await OwnersAsync(method, id + rest));
    }

    [Fact]
    public async Task A_deleted_response_is_gone_for_good()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var id = StrictClient.Follow(await gateway.StreamAsync()).Id;
        Assert.Equal($$"""{"id":"{{id}}","object":"response","deleted":true}""", await gateway.ReadAsync(id, HttpMethod.Delete));
        foreach (var (method, rest) in Questions.Select(row => ((string)row[0], (string)row[1])))
            Assert.Equal(await RefusalAsync(method, "resp_" + new string('0', 32) + rest, TestKeys.Acme, null), await RefusalAsync(method, id + rest, TestKeys.Acme, null));
    }

    [Fact]
    public async Task A_run_that_is_deleted_stops_and_leaves_nothing()
    {
        gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]));
        using var stream = await gateway.BeginAsync();
        await stream.UntilAsync("\"Hel\"");
        await gateway.ReadAsync(stream.Id, HttpMethod.Delete);
        await (await gateway.Dense.NextCallAsync()).Aborted.Soon();
        await stream.EndAsync();
        using var gone = await gateway.AskAsync(stream.Id);
        await gone.AssertRefusedAsync(404, "not_found");
    }

    private static HttpRequestMessage Question(string method, string rest, string? key = null, string? user = null)
    {
        var request = About(rest, new HttpMethod(method), key, user);
        if (method == "POST") request.Content = new StringContent("""{"metadata":{"a":"b"}}""", null, "application/json");
        return request;
    }

    private async Task<string> RefusalAsync(string method, string rest, string key, string? user)
    {
        using var request = Question(method, rest, key, user);
        using var answer = await gateway.Client.SendAsync(request);
        await answer.AssertRefusedAsync(404, "not_found");
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<string> OwnersAsync(string method, string rest, int status = 200)
    {
        using var request = Question(method, rest, null, Owner);
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
