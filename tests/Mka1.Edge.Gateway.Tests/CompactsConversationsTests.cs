using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: a conversation becomes a compaction item that only the gateway can read and that serves as the next input in its place;
/// with context_management that happens by itself once the context passes its threshold.
/// </summary>
public sealed class CompactsConversationsTests : IAsyncLifetime, IAsyncDisposable
{
    private const string TwoTurns =
        """[{"role":"developer","content":"Be kind."},{"role":"user","content":"My name is Ada."},{"role":"assistant","content":"Hello Ada."},{"role":"user","content":"What is 2+2?"},{"role":"assistant","content":"4"}]""";

    private readonly GatewayFixture _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task The_answer_has_the_documented_shape_and_is_booked_like_a_run()
    {
        _gateway.Dense.Play(Scripts.Completed("Ada asked for a sum."));
        using var answer = await CompactAsync($$"""{"model":"{{GatewayFixture.Family}}","input":{{TwoTurns}},"prompt_cache_key":"k","stream":true}""");
        var body = await BodyAsync(answer);
        Assert.Equal(["id", "object", "created_at", "output", "usage"], body.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^resp_[0-9a-f]{32}$", body.GetProperty("id").GetString());
        Assert.Equal("response.compaction", body.GetProperty("object").GetString());
        Assert.Equal(15, body.GetProperty("usage").GetProperty("total_tokens").GetInt64());
        var item = Assert.Single(body.GetProperty("output").EnumerateArray());
        Assert.Equal("compaction", item.GetProperty("type").GetString());
        Assert.Matches("^cmp_[0-9a-f]{32}$", item.GetProperty("id").GetString());
        Assert.DoesNotContain("Ada", Encoding.Latin1.GetString(Convert.FromBase64String(item.GetProperty("encrypted_content").GetString()!)), StringComparison.Ordinal);

        var call = Assert.Single(_gateway.Dense.Calls);
        Assert.StartsWith("POST /v1/responses HTTP/1.1", call.Head);
        Assert.Equal((false, 0, "auto"), (call.Json.GetProperty("store").GetBoolean(), call.Json.GetProperty("temperature").GetDouble(), call.Json.GetProperty("truncation").GetString()));
        Assert.InRange(call.Json.GetProperty("max_output_tokens").GetInt32(), 1, 4096);
        Assert.False(call.Json.TryGetProperty("stream", out _));
        Assert.Equal(6, call.Json.GetProperty("input").GetArrayLength());
        Assert.Equal("developer", call.Json.GetProperty("input")[5].GetProperty("role").GetString());

        await _gateway.SettledAsync(answer.Headers.GetValues("x-request-id").Single());
        var row = Assert.Single(_gateway.Ledger.Rows());
        Assert.Equal((body.GetProperty("id").GetString(), 8L, 7L, false), (row.ResponseId, row.InputTokens, row.OutputTokens, row.Estimated));
    }

    [Fact]
    public async Task Its_output_is_the_next_input()
    {
        _gateway.Dense.Play(Scripts.Completed("Ada asked for a sum."));
        using var answer = await CompactAsync($$"""{"model":"{{GatewayFixture.Family}}","input":{{TwoTurns}}}""");
        var item = (await BodyAsync(answer)).GetProperty("output")[0].GetRawText();

        var next = $$"""{"model":"{{GatewayFixture.Family}}","input":[{{item}},{"role":"user","content":"Who am I?"}]}""";
        _gateway.Dense.Play(Scripts.Completed("Ada."));
        using var carried = await _gateway.PostAsync(next);
        Assert.True(carried.IsSuccessStatusCode, await carried.Content.ReadAsStringAsync());
        Assert.Equal(
            ["developer: Summary of the conversation so far:\n\nAda asked for a sum.", "developer: Be kind.", "user: What is 2+2?", "user: Who am I?"],
            Texts(Assert.Single(_gateway.Dense.Calls)));

        using var foreign = await _gateway.PostAsync(next, TestKeys.Globex);
        await foreign.AssertRefusedAsync(400, "invalid_value", "input[0].encrypted_content");
    }

    [Fact]
    public async Task What_previous_response_id_leads_to_is_compacted_too()
    {
        _gateway.Dense.Play(Scripts.Completed("Hello Ada."));
        using var first = await _gateway.PostAsync(GatewayFixture.Hello());
        var id = (await BodyAsync(first)).GetProperty("id").GetString();
        _gateway.Dense.Play(Scripts.Completed("A greeting."));
        using var answer = await CompactAsync($$"""{"model":"{{GatewayFixture.Family}}","previous_response_id":"{{id}}","instructions":"Be kind."}""");
        await BodyAsync(answer);
        var call = Assert.Single(_gateway.Dense.Calls);
        Assert.Equal(["user: Say hello.", "assistant: Hello Ada."], Texts(call)[..2]);
        Assert.Equal("Be kind.", call.Json.GetProperty("instructions").GetString());
    }

    [Theory]
    [InlineData("""{"input":"x"}""", "missing_required_parameter", "model")]
    [InlineData("""{"model":"mka1-mini"}""", "missing_required_parameter", "input")]
    [InlineData("""{"model":"mka1-mini","input":[]}""", "missing_required_parameter", "input")]
    [InlineData("""{"model":"mka1-mini","input":5}""", "invalid_type", "input")]
    [InlineData("""{"model":"mka1-mini","input":"x","previous_response_id":"resp_none"}""", "previous_response_not_found", "previous_response_id")]
    [InlineData("""{"model":"mka1-mini","input":"x","prompt_cache_key":"01234567890123456789012345678901234567890123456789012345678901234"}""", "invalid_value", "prompt_cache_key")]
    public async Task A_request_that_breaks_a_rule_reaches_no_model_server(string body, string code, string param)
    {
        using var answer = await CompactAsync(body);
        await answer.AssertRefusedAsync(400, code, param);
        Assert.Equal(0, _gateway.UpstreamCalls);
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Fact]
    public async Task An_answer_without_a_summary_makes_no_compaction()
    {
        string[] answers = [Transcript.Response(" "), Transcript.Object("failed", "[]", "null"), Transcript.Object("in_progress", "[]", "null"), "{}", "x"];
        foreach (var body in answers)
        {
            _gateway.Dense.Play(Scripts.Json(body));
            using var answer = await CompactAsync($$"""{"model":"{{GatewayFixture.Family}}","input":"x"}""");
            await answer.AssertRefusedAsync(502, "upstream_error");
        }
    }

    [Fact]
    public async Task A_context_past_its_threshold_is_compacted_before_the_model_gets_it()
    {
        PlayCounting(100);
        using var answer = await _gateway.PostAsync(Managed("\"compact_threshold\":99"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        var calls = _gateway.Dense.Calls;
        Assert.Equal(3, calls.Count);
        Assert.Equal("disabled", calls[0].Json.GetProperty("truncation").GetString());
        Assert.Equal(["developer: Summary of the conversation so far:\n\nSummary.", "developer: Be kind.", "user: Go on."], Texts(calls[2]));
        Assert.All(calls, call => Assert.False(call.Json.TryGetProperty("context_management", out _)));

        await _gateway.SettledAsync(answer.Headers.GetValues("x-request-id").Single());
        Assert.Equal(2, _gateway.Ledger.Rows().Count);
        Assert.Single(_gateway.Ledger.Rows(), row => row.ResponseId.StartsWith("cmp_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_context_that_does_not_fit_at_all_is_past_its_threshold()
    {
        _gateway.Dense.Play(call => call.Head.Contains("/input_tokens", StringComparison.Ordinal)
            ? Scripts.Json("""{"error":{"message":"Too long.","code":"context_length_exceeded"}}""", 400)(call)
            : Scripts.Completed("Summary.")(call));
        using var answer = await _gateway.PostAsync(Managed("\"compact_threshold\":99"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(3, _gateway.Dense.Calls.Count);
    }

    [Fact]
    public async Task A_context_below_its_threshold_goes_on_byte_for_byte()
    {
        PlayCounting(100);
        using var answer = await _gateway.PostAsync(Managed("\"compact_threshold\":100"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(2, _gateway.Dense.Calls.Count);
        Assert.Contains("\"content\":\"My name is Ada.\"", _gateway.Dense.Calls[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_must_stay_word_for_word_is_not_compacted()
    {
        PlayCounting(100);
        using var answer = await _gateway.PostAsync(GatewayFixture.Hello(extra: "\"context_management\":[{\"type\":\"compaction\",\"compact_threshold\":1}]"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Single(_gateway.Dense.Calls);
    }

    [Theory]
    [InlineData(800, 2)]
    [InlineData(801, 3)]
    public async Task Without_a_threshold_of_its_own_it_is_four_fifths_of_the_context_window(int tokens, int calls)
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config with
        {
            Families = config.Families.ToDictionary(
                family => family.Key,
                family => family.Value with { Variants = family.Value.Variants.ToDictionary(v => v.Key, v => v.Value with { ContextWindow = 1000 }) }),
        });
        gateway.Dense.Play(Counting(tokens));
        using var answer = await gateway.PostAsync(Managed(""));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(calls, gateway.Dense.Calls.Count);
        if (calls == 3) Assert.Equal(250, gateway.Dense.Calls[1].Json.GetProperty("max_output_tokens").GetInt32());
    }

    [Fact]
    public async Task While_it_is_compacted_a_repeat_with_its_key_finds_it_already()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Dense.Play(async call =>
        {
            await goOn.Task;
            await Counting(100)(call);
        });
        var first = SendAsync();
        await _gateway.Dense.NextCallAsync();

        // From here on a repeat waits for this response, however long the model takes: without it, the key would be taken for given up.
        var stored = Assert.Single(await new ApiClient(_gateway, TestKeys.Acme).WalkAsync("/responses", 5));
        var again = SendAsync();
        goOn.SetResult();
        foreach (var answer in new[] { await first, await again })
        {
            using (answer) Assert.Equal(stored, (await BodyAsync(answer)).GetProperty("id").GetString());
        }

        Assert.Equal(3, _gateway.Dense.Calls.Count);

        Task<HttpResponseMessage> SendAsync()
        {
            var request = GatewayFixture.Create(Managed("\"compact_threshold\":99"));
            request.Headers.Add("Idempotency-Key", "compacted");
            return _gateway.Client.SendAsync(request);
        }
    }

    private static string Managed(string threshold) =>
        $$"""{"model":"{{GatewayFixture.Family}}","input":{{TwoTurns[..^1]}},{"role":"user","content":"Go on."}],"context_management":[{"type":"compaction"{{(threshold.Length > 0 ? "," + threshold : "")}}}]}""";

    private static Func<UpstreamCall, Task> Counting(int tokens) => call => call.Head.Contains("/input_tokens", StringComparison.Ordinal)
        ? Scripts.Json($$"""{"input_tokens":{{tokens}}}""")(call)
        : Scripts.Completed("Summary.")(call);

    private void PlayCounting(int tokens) => _gateway.Dense.Play(Counting(tokens));

    private Task<HttpResponseMessage> CompactAsync(string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses/compact") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestKeys.Acme);
        return _gateway.Client.SendAsync(request);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static string[] Texts(UpstreamCall call) => HistoryBench.Texts(Encoding.UTF8.GetBytes(call.Json.GetProperty("input").GetRawText()));
}
