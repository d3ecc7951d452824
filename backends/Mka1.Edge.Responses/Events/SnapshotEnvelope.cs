using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Puts a model server's outcome (output, usage, status, error, incomplete_details) into the envelope the gateway owns.
/// Output items keep their bytes. Never throws on hostile input.
/// </summary>
public static class SnapshotEnvelope
{
    private const int MaxErrorText = 4096;

    /// <summary>Merges a response object.</summary>
    /// <param name="envelope">The gateway's fields.</param>
    /// <param name="upstream">The model server's JSON; copied, so the buffer may be reused.</param>
    /// <param name="now">Unix seconds, set as <c>completed_at</c> when the status is terminal.</param>
    public static SnapshotResult Merge(ResponseObject envelope, ReadOnlySpan<byte> upstream, long now)
    {
        if (!TryParse(upstream, out var root, out var violation))
            return violation;
        var fields = new FieldReader(root, ParseContext.Silent());
        return fields.Enum<ResponseStatus>("status"u8) is { } status
            ? Merge(envelope, fields, status, now)
            : new SnapshotResult.Violation("The model server's response has no known status.");
    }

    /// <summary>Merges the <c>response</c> inside an event's data.</summary>
    /// <param name="envelope">The gateway's fields.</param>
    /// <param name="eventName">The event's type, one of <see cref="EventNames.IsSnapshot"/>; it decides the status.</param>
    /// <param name="data">The event's data; copied.</param>
    /// <param name="now">Unix seconds, set as <c>completed_at</c> when the status is terminal.</param>
    public static SnapshotResult MergeEvent(ResponseObject envelope, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data, long now)
    {
        if (!TryParse(data, out var root, out var violation))
            return violation;
        var context = ParseContext.Silent();
        if (new FieldReader(root, context).OfKind("response"u8, JsonValueKind.Object) is not { } response)
            return new SnapshotResult.Violation("The model server sent a lifecycle event without a response.");
        var fields = new FieldReader(response, context);
        var stated = fields.Enum<ResponseStatus>("status"u8);
        var status = StatusOf(eventName) ?? stated;
        if (status is null || (stated is not null && stated != status))
            return new SnapshotResult.Violation("The model server sent a lifecycle event whose response has another status.");
        return Merge(envelope, fields, status.Value, now);
    }

    /// <summary>The status an event stands for; <c>response.created</c> leaves it open.</summary>
    private static ResponseStatus? StatusOf(ReadOnlySpan<byte> eventName) => eventName switch
    {
        _ when eventName.SequenceEqual("response.queued"u8) => ResponseStatus.Queued,
        _ when eventName.SequenceEqual("response.in_progress"u8) => ResponseStatus.InProgress,
        _ when eventName.SequenceEqual("response.completed"u8) => ResponseStatus.Completed,
        _ when eventName.SequenceEqual("response.incomplete"u8) => ResponseStatus.Incomplete,
        _ when eventName.SequenceEqual("response.failed"u8) => ResponseStatus.Failed,
        _ => null,
    };

    private static SnapshotResult Merge(ResponseObject envelope, FieldReader upstream, ResponseStatus status, long now)
    {
        var output = new List<ResponseItem>();
        if (upstream.Any("output"u8) is { } items)
        {
            if (items.ValueKind != JsonValueKind.Array)
                return new SnapshotResult.Violation("The model server's output is not an array.");
            foreach (var item in items.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object)
                    return new SnapshotResult.Violation("The model server's output holds something that is no item.");
                output.Add(ItemParser.Trusted(item));
            }
        }

        var merged = envelope with { Status = status, Output = output, Usage = UsageParser.Trusted(upstream) };
        return new SnapshotResult.Merged(merged with
        {
            CompletedAt = merged.IsTerminal ? now : null,
            Error = status == ResponseStatus.Failed ? Error(upstream) : null,
            IncompleteDetails = status == ResponseStatus.Incomplete ? Incomplete(upstream) : null,
        });
    }

    private static ResponseError Error(FieldReader upstream)
    {
        if (upstream.OfKind("error"u8, JsonValueKind.Object) is not { } value)
            return new ResponseError { Code = "server_error", Message = "The model failed without saying why. Retry the request." };
        var error = new FieldReader(value, upstream.Context);
        return new ResponseError
        {
            Code = error.String("code"u8, 1, 128) ?? "server_error",
            Message = error.String("message"u8, 1, MaxErrorText) ?? "The model failed. Retry the request.",
            Type = error.String("type"u8, 1, 128) ?? "server_error",
            Param = error.String("param"u8, 0, 1024),
        };
    }

    private static IncompleteDetails? Incomplete(FieldReader upstream) =>
        upstream.OfKind("incomplete_details"u8, JsonValueKind.Object) is { } value
        && new FieldReader(value, upstream.Context).String("reason"u8, 1, 128) is { } reason
            ? new IncompleteDetails(reason)
            : null;

    private static bool TryParse(ReadOnlySpan<byte> json, out JsonElement root, out SnapshotResult.Violation violation)
    {
        violation = null!;
        root = default;
        if (StrictJson.Check(json, RequestLimits.Default) is { } fault)
        {
            violation = new SnapshotResult.Violation($"The model server's JSON is not sound: {fault.Message}");
            return false;
        }

        root = JsonDocument.Parse(json.ToArray()).RootElement;
        return true;
    }
}
