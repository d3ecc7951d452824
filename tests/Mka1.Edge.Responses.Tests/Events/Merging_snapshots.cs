using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The model server owns its outcome; the gateway owns the rest.</summary>
public sealed class Merging_snapshots
{
    private static readonly ResponseObject Envelope = Streams.Skeleton("""{"model":"mka1-mini","input":"hi","metadata":{"a":"b"},"temperature":0.5,"store":true}""");

    [Fact]
    public void Only_the_outcome_is_taken_from_the_model_server()
    {
        var merged = Merged("""
            {"id":"upstream_1","object":"hack","created_at":1,"model":"internal-7b","metadata":{"x":"y"},"store":false,"temperature":9,"status":"completed",
             "output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hé","annotations":[],"score":1.50}],"vendor":{"a":1E2}}],
             "usage":{"input_tokens":8,"output_tokens":7,"total_tokens":99,"output_tokens_details":{"reasoning_tokens":3}},"user":"internal"}
            """);

        Assert.Equal((Envelope.Id, "mka1-mini", 1_700_000_000L, 77L), (merged.Id, merged.Model, merged.CreatedAt, merged.CompletedAt!.Value));
        Assert.Equal("b", merged.Metadata["a"]);
        Assert.Equal(Usage.Of(8, 7, reasoning: 3), merged.Usage);
        Assert.Equal("hé", merged.OutputText);
        var json = JsonSerializer.Serialize(merged, ResponsesJson.Wire.ResponseObject);
        Assert.Contains("""{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hé","annotations":[],"score":1.50}],"vendor":{"a":1E2}}""", json, StringComparison.Ordinal);
        Assert.DoesNotContain("internal", json, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream_1", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("response.created", "in_progress", ResponseStatus.InProgress)]
    [InlineData("response.created", "queued", ResponseStatus.Queued)]
    [InlineData("response.in_progress", "in_progress", ResponseStatus.InProgress)]
    [InlineData("response.completed", "completed", ResponseStatus.Completed)]
    [InlineData("response.incomplete", "incomplete", ResponseStatus.Incomplete)]
    [InlineData("response.failed", "failed", ResponseStatus.Failed)]
    public void An_event_is_merged_by_its_name(string name, string status, ResponseStatus expected)
    {
        var data = $$$"""{"type":"{{{name}}}","sequence_number":3,"response":{"id":"u","status":"{{{status}}}","output":[]}}""";

        var result = SnapshotEnvelope.MergeEvent(Envelope, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data), 77);

        var merged = Assert.IsType<SnapshotResult.Merged>(result).Response;
        Assert.Equal(expected, merged.Status);
        Assert.Equal(merged.IsTerminal ? 77 : null, merged.CompletedAt);
        Assert.Equal(expected == ResponseStatus.Failed, merged.Error is not null);
    }

    [Theory]
    [InlineData("""{"input_tokens":-1,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":1e99,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":9007199254740993,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":"1","output_tokens":2}""")]
    [InlineData("""{"output_tokens":2}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""7""")]
    public void Absurd_usage_is_no_usage(string usage) =>
        Assert.Null(Merged($$"""{"status":"completed","output":[],"usage":{{usage}}}""").Usage);

    [Fact]
    public void Details_larger_than_their_total_are_dropped() =>
        Assert.Equal(Usage.Of(5, 6), Merged("""{"status":"completed","output":[],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":6},"output_tokens":6,"output_tokens_details":{"reasoning_tokens":-1}}}""").Usage);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"status":"completed","output":{}}""")]
    [InlineData("""{"status":"completed","output":"text"}""")]
    [InlineData("""{"status":"completed","output":[5]}""")]
    [InlineData("""{"status":"completed","output":[null]}""")]
    [InlineData("""{"status":"done","output":[]}""")]
    [InlineData("""{"output":[]}""")]
    [InlineData("""{"status":"completed","status":"failed","output":[]}""")]
    [InlineData("""{"status":"completed","output":[{"type":"message","id":"\ud800"}]}""")]
    public void What_cannot_be_passed_on_is_a_violation(string upstream) =>
        Assert.IsType<SnapshotResult.Violation>(SnapshotEnvelope.Merge(Envelope, Encoding.UTF8.GetBytes(upstream), 77));

    [Theory]
    [InlineData("""{"type":"response.completed","response":{"status":"failed","output":[]}}""")]
    [InlineData("""{"type":"response.completed","response":[]}""")]
    [InlineData("""{"type":"response.completed"}""")]
    public void An_event_that_contradicts_itself_is_a_violation(string data) =>
        Assert.IsType<SnapshotResult.Violation>(SnapshotEnvelope.MergeEvent(Envelope, "response.completed"u8, Encoding.UTF8.GetBytes(data), 77));

    [Theory]
    [InlineData("""{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow down"}}""", "rate_limit_exceeded", "slow down")]
    [InlineData("""{"status":"failed","error":"boom"}""", "server_error", "The model failed without saying why. Retry the request.")]
    [InlineData("""{"status":"failed"}""", "server_error", "The model failed without saying why. Retry the request.")]
    public void A_failure_always_has_an_error_with_a_type(string upstream, string code, string message)
    {
        var error = Merged(upstream).Error!;

        Assert.Equal((code, message, "server_error"), (error.Code, error.Message, error.Type));
    }

    private static ResponseObject Merged(string upstream) =>
        Assert.IsType<SnapshotResult.Merged>(SnapshotEnvelope.Merge(Envelope, Encoding.UTF8.GetBytes(upstream), 77)).Response;
}
