using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Emits the events of one response in order (contract.md E.3 to E.7) with sequence numbers from 0, each as one SSE
/// write. No allocation a delta once its buffers have grown. A call out of order throws: it is a bug of the caller.
/// Not thread-safe; the caller flushes. Deltas must hold whole characters, not halves of surrogate pairs.
/// </summary>
public sealed class ResponseStreamWriter : IDisposable
{
    private readonly IBufferWriter<byte> output;
    private readonly ArrayBufferWriter<byte> scratch = new(1024);
    private readonly Utf8JsonWriter json;
    private readonly List<ResponseItem> items = [];

    // The text of the open part or call, for its .done event.
    private readonly ArrayBufferWriter<char> text = new(4096);
    private readonly List<TokenLogprob> logprobs = [];
    private readonly List<ContentPart> parts = [];
    private readonly List<ContentPart> summaries = [];
    private Stage stage;
    private OpenItem? item;
    private OpenPart part;

    /// <param name="output">Where SSE bytes go.</param>
    /// <param name="skeleton">The response as echoed (<see cref="ResponseEcho.Skeleton"/>).</param>
    public ResponseStreamWriter(IBufferWriter<byte> output, ResponseObject skeleton)
    {
        this.output = output;
        json = new Utf8JsonWriter(scratch, WireJson.WriterOptions);
        Response = skeleton;
    }

    private enum Stage
    {
        New,
        Running,
        Ended,
    }

    private enum OpenPart
    {
        None,
        Text,
        Refusal,
        Summary,
        ReasoningText,
    }

    /// <summary>The response as it stands: items as they are finished, the outcome at the end.</summary>
    public ResponseObject Response { get; private set; }

    /// <summary>The number of the next event.</summary>
    public long NextSequenceNumber { get; private set; }

    /// <summary><c>response.created</c> and <c>response.in_progress</c>.</summary>
    public void Start()
    {
        Require(stage == Stage.New);
        stage = Stage.Running;
        Response = Response with { Status = ResponseStatus.InProgress };
        Snapshot(EventNames.Created);
        Snapshot(EventNames.InProgress);
    }

    /// <summary><c>output_item.added</c> of an assistant message.</summary>
    public void StartMessage(string id) => StartItem(new OpenItem(ItemTypes.Message, id));

    /// <summary><c>output_item.added</c> of a function call with no arguments yet.</summary>
    public void StartFunctionCall(string id, string callId, string name) => StartItem(new OpenItem(ItemTypes.FunctionCall, id, callId, name));

    /// <summary><c>output_item.added</c> of a custom tool call with no input yet.</summary>
    public void StartCustomToolCall(string id, string callId, string name) => StartItem(new OpenItem(ItemTypes.CustomToolCall, id, callId, name));

    /// <summary><c>output_item.added</c> of a reasoning item.</summary>
    public void StartReasoning(string id) => StartItem(new OpenItem(ItemTypes.Reasoning, id));

    /// <summary><c>content_part.added</c> of an empty output_text.</summary>
    public void StartText() => StartPart(OpenPart.Text, ItemTypes.Message);

    /// <summary><c>output_text.delta</c>.</summary>
    public void TextDelta(ReadOnlySpan<char> delta, ReadOnlySpan<TokenLogprob> tokens = default)
    {
        Require(part == OpenPart.Text);
        foreach (var token in tokens)
            logprobs.Add(token);
        BeginDelta(EventNames.OutputTextDelta, delta);
        json.WriteStartArray("logprobs"u8);
        foreach (var token in tokens)
            JsonSerializer.Serialize(json, token, ResponsesJson.Wire.TokenLogprob);
        json.WriteEndArray();
        End(EventNames.OutputTextDelta);
    }

    /// <summary><c>output_text.done</c> and <c>content_part.done</c>.</summary>
    public void EndText() => EndPart(OpenPart.Text);

    /// <summary><c>content_part.added</c> of an empty refusal.</summary>
    public void StartRefusal() => StartPart(OpenPart.Refusal, ItemTypes.Message);

    /// <summary><c>refusal.delta</c>.</summary>
    public void RefusalDelta(ReadOnlySpan<char> delta) => PartDelta(OpenPart.Refusal, EventNames.RefusalDelta, delta);

    /// <summary><c>refusal.done</c> and <c>content_part.done</c>.</summary>
    public void EndRefusal() => EndPart(OpenPart.Refusal);

    /// <summary><c>reasoning_summary_part.added</c>.</summary>
    public void StartSummary() => StartPart(OpenPart.Summary, ItemTypes.Reasoning);

    /// <summary><c>reasoning_summary_text.delta</c>.</summary>
    public void SummaryDelta(ReadOnlySpan<char> delta) => PartDelta(OpenPart.Summary, EventNames.ReasoningSummaryTextDelta, delta);

    /// <summary><c>reasoning_summary_text.done</c> and <c>reasoning_summary_part.done</c>.</summary>
    public void EndSummary() => EndPart(OpenPart.Summary);

    /// <summary><c>content_part.added</c> of an empty reasoning_text.</summary>
    public void StartReasoningText() => StartPart(OpenPart.ReasoningText, ItemTypes.Reasoning);

    /// <summary><c>reasoning_text.delta</c>.</summary>
    public void ReasoningDelta(ReadOnlySpan<char> delta) => PartDelta(OpenPart.ReasoningText, EventNames.ReasoningTextDelta, delta);

    /// <summary><c>reasoning_text.done</c> and <c>content_part.done</c>.</summary>
    public void EndReasoningText() => EndPart(OpenPart.ReasoningText);

    /// <summary><c>function_call_arguments.delta</c>.</summary>
    public void ArgumentsDelta(ReadOnlySpan<char> delta) => CallDelta(ItemTypes.FunctionCall, EventNames.FunctionCallArgumentsDelta, delta);

    /// <summary><c>custom_tool_call_input.delta</c>.</summary>
    public void CustomInputDelta(ReadOnlySpan<char> delta) => CallDelta(ItemTypes.CustomToolCall, EventNames.CustomToolCallInputDelta, delta);

    /// <summary>Ends the open item: the <c>.done</c> of its arguments, if it has any, and <c>output_item.done</c>.</summary>
    /// <param name="status">completed, or incomplete for the item that was being sampled when the budget ran out.</param>
    public void EndItem(string status = ItemStatus.Completed)
    {
        Require(item is not null && part == OpenPart.None);
        switch (item!.Type)
        {
            case ItemTypes.FunctionCall:
                CallDone(EventNames.FunctionCallArgumentsDone, "arguments"u8);
                break;
            case ItemTypes.CustomToolCall:
                CallDone(EventNames.CustomToolCallInputDone, "input"u8);
                break;
        }

        var finished = Build(status);
        ItemEvent(EventNames.OutputItemDone, finished);
        items.Add(finished);
        Response = Response with { Output = [.. items] };
        item = null;
    }

    /// <summary><c>response.completed</c>.</summary>
    public void Complete(Usage usage, long completedAt)
    {
        Require(stage == Stage.Running && item is null);
        Finish(EventNames.Completed, Response with { Status = ResponseStatus.Completed, Usage = usage, CompletedAt = completedAt });
    }

    /// <summary><c>response.incomplete</c>; an item still open ends incomplete first.</summary>
    public void Incomplete(string reason, Usage usage, long completedAt)
    {
        Require(stage == Stage.Running);
        if (part != OpenPart.None)
            EndPart(part);
        if (item is not null)
            EndItem(ItemStatus.Incomplete);
        Finish(EventNames.Incomplete, Response with
        {
            Status = ResponseStatus.Incomplete,
            IncompleteDetails = new IncompleteDetails(reason),
            Usage = usage,
            CompletedAt = completedAt,
        });
    }

    /// <summary>The hybrid <c>error</c> event and <c>response.failed</c>; allowed at any time before the end.</summary>
    public void Fail(ResponseError error, Usage? usage, long completedAt)
    {
        Require(stage != Stage.Ended);
        if (stage == Stage.New)
            Start();
        scratch.ResetWrittenCount();
        json.Reset(scratch);
        JsonSerializer.Serialize(json, ErrorEvent.Of(error, NextSequenceNumber++), ResponsesJson.Wire.ErrorEvent);
        Emit(EventNames.Error);
        Finish(EventNames.Failed, Response with { Status = ResponseStatus.Failed, Error = error, Usage = usage, CompletedAt = completedAt });
    }

    /// <summary>Releases the JSON writer; what was written stays written.</summary>
    public void Dispose() => json.Dispose();

    private void StartItem(OpenItem next)
    {
        Require(stage == Stage.Running && item is null);
        item = next;
        text.ResetWrittenCount();
        parts.Clear();
        summaries.Clear();
        ItemEvent(EventNames.OutputItemAdded, Build(ItemStatus.InProgress));
    }

    private void StartPart(OpenPart next, string within)
    {
        Require(item?.Type == within && part == OpenPart.None);
        part = next;
        text.ResetWrittenCount();
        logprobs.Clear();
        PartEvent(next == OpenPart.Summary ? EventNames.ReasoningSummaryPartAdded : EventNames.ContentPartAdded, BuildPart(string.Empty));
    }

    private void PartDelta(OpenPart expected, string type, ReadOnlySpan<char> delta)
    {
        Require(part == expected);
        BeginDelta(type, delta);
        End(type);
    }

    private void CallDelta(string expected, string type, ReadOnlySpan<char> delta)
    {
        Require(item?.Type == expected);
        BeginDelta(type, delta);
        End(type);
    }

    private void BeginDelta(string type, ReadOnlySpan<char> delta)
    {
        text.Write(delta);
        Begin(type);
        Place();
        json.WriteString("delta"u8, delta);
    }

    private void EndPart(OpenPart expected)
    {
        Require(part == expected && expected != OpenPart.None);
        var (done, member) = expected switch
        {
            OpenPart.Text => (EventNames.OutputTextDone, "text"),
            OpenPart.Refusal => (EventNames.RefusalDone, "refusal"),
            OpenPart.Summary => (EventNames.ReasoningSummaryTextDone, "text"),
            _ => (EventNames.ReasoningTextDone, "text"),
        };
        Begin(done);
        Place();
        json.WriteString(member, text.WrittenSpan);
        if (expected == OpenPart.Text)
        {
            json.WritePropertyName("logprobs"u8);
            JsonSerializer.Serialize(json, logprobs, ResponsesJson.Wire.ListTokenLogprob);
        }

        End(done);
        var finished = BuildPart(text.WrittenSpan.ToString());
        PartEvent(expected == OpenPart.Summary ? EventNames.ReasoningSummaryPartDone : EventNames.ContentPartDone, finished);
        (expected == OpenPart.Summary ? summaries : parts).Add(finished);
        part = OpenPart.None;
    }

    private void CallDone(string type, ReadOnlySpan<byte> member)
    {
        Begin(type);
        Place();
        json.WriteString(member, text.WrittenSpan);
        End(type);
    }

    private ContentPart BuildPart(string content) => part switch
    {
        OpenPart.Text => new OutputTextPart { Text = content, Logprobs = [.. logprobs] },
        OpenPart.Refusal => new RefusalPart { Refusal = content },
        OpenPart.Summary => new SummaryTextPart { Text = content },
        _ => new ReasoningTextPart { Text = content },
    };

    private ResponseItem Build(string status)
    {
        var open = item!;
        return open.Type switch
        {
            ItemTypes.Message => new MessageItem { Id = open.Id, Status = status, Role = MessageRole.Assistant, Content = [.. parts] },
            ItemTypes.FunctionCall => new FunctionCallItem
            {
                Id = open.Id, Status = status, CallId = open.CallId!, Name = open.Name!, Arguments = text.WrittenSpan.ToString(),
            },
            ItemTypes.CustomToolCall => new CustomToolCallItem
            {
                Id = open.Id, Status = status, CallId = open.CallId!, Name = open.Name!, Input = text.WrittenSpan.ToString(),
            },
            _ => new ReasoningItem { Id = open.Id, Status = status, Summary = [.. summaries], Content = parts.Count > 0 ? [.. parts] : null },
        };
    }

    private void ItemEvent(string type, ResponseItem value)
    {
        Begin(type);
        json.WriteNumber("output_index"u8, items.Count);
        json.WritePropertyName("item"u8);
        JsonSerializer.Serialize(json, value, ResponsesJson.Wire.ResponseItem);
        End(type);
    }

    private void PartEvent(string type, ContentPart value)
    {
        Begin(type);
        Place();
        json.WritePropertyName("part"u8);
        JsonSerializer.Serialize(json, value, ResponsesJson.Wire.ContentPart);
        End(type);
    }

    private void Finish(string type, ResponseObject response)
    {
        Response = response;
        Snapshot(type);
        stage = Stage.Ended;
    }

    private void Snapshot(string type)
    {
        Begin(type);
        json.WritePropertyName("response"u8);
        JsonSerializer.Serialize(json, Response, ResponsesJson.Wire.ResponseObject);
        End(type);
    }

    private void Begin(string type)
    {
        scratch.ResetWrittenCount();
        json.Reset(scratch);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, NextSequenceNumber++);
    }

    /// <summary>Says which item and, inside a part, which part an event is about.</summary>
    private void Place()
    {
        json.WriteString("item_id"u8, item!.Id);
        json.WriteNumber("output_index"u8, items.Count);
        if (part == OpenPart.Summary)
            json.WriteNumber("summary_index"u8, summaries.Count);
        else if (part != OpenPart.None)
            json.WriteNumber("content_index"u8, parts.Count);
    }

    private void End(string type)
    {
        json.WriteEndObject();
        Emit(type);
    }

    private void Emit(string type)
    {
        json.Flush();
        Span<byte> name = stackalloc byte[type.Length];
        Encoding.ASCII.GetBytes(type, name);
        SseWriter.Write(output, name, scratch.WrittenSpan);
    }

    private void Require(bool order)
    {
        if (!order)
            throw new InvalidOperationException($"Events out of order: {stage}, item {item?.Type ?? "none"}, part {part}.");
    }

    private sealed record OpenItem(string Type, string Id, string? CallId = null, string? Name = null);
}
