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
    private readonly IBufferWriter<byte> _output;
    private readonly ArrayBufferWriter<byte> _scratch = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<ResponseItem> _items = [];

    // The text of the open part or call, for its .done event.
    private readonly ArrayBufferWriter<char> _text = new(4096);
    private readonly List<TokenLogprob> _logprobs = [];
    private readonly List<ContentPart> _parts = [];
    private readonly List<ContentPart> _summaries = [];
    private Stage _stage;
    private OpenItem? _item;
    private OpenPart _part;

    /// <param name="output">Where SSE bytes go.</param>
    /// <param name="skeleton">The response as echoed (<see cref="ResponseEcho.Skeleton"/>).</param>
    public ResponseStreamWriter(IBufferWriter<byte> output, ResponseObject skeleton)
    {
        _output = output;
        _json = new Utf8JsonWriter(_scratch, WireJson.WriterOptions);
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
        Require(_stage == Stage.New);
        _stage = Stage.Running;
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
        Require(_part == OpenPart.Text);
        foreach (var token in tokens)
            _logprobs.Add(token);
        BeginDelta(EventNames.OutputTextDelta, delta);
        _json.WriteStartArray("logprobs"u8);
        foreach (var token in tokens)
            JsonSerializer.Serialize(_json, token, ResponsesJson.Wire.TokenLogprob);
        _json.WriteEndArray();
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
        Require(_item is not null && _part == OpenPart.None);
        switch (_item!.Type)
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
        _items.Add(finished);
        Response = Response with { Output = [.. _items] };
        _item = null;
    }

    /// <summary><c>response.completed</c>. The usage is null when whoever did the work did not say.</summary>
    public void Complete(Usage? usage, long completedAt)
    {
        Require(_stage == Stage.Running && _item is null);
        Finish(EventNames.Completed, Response with { Status = ResponseStatus.Completed, Usage = usage, CompletedAt = completedAt });
    }

    /// <summary><c>response.incomplete</c>; an item still open ends incomplete first.</summary>
    public void Incomplete(string reason, Usage? usage, long completedAt)
    {
        Require(_stage == Stage.Running);
        if (_part != OpenPart.None)
            EndPart(_part);
        if (_item is not null)
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
        Require(_stage != Stage.Ended);
        if (_stage == Stage.New)
            Start();
        _scratch.ResetWrittenCount();
        _json.Reset(_scratch);
        JsonSerializer.Serialize(_json, ErrorEvent.Of(error, NextSequenceNumber++), ResponsesJson.Wire.ErrorEvent);
        Emit(EventNames.Error);
        Finish(EventNames.Failed, Response with { Status = ResponseStatus.Failed, Error = error, Usage = usage, CompletedAt = completedAt });
    }

    /// <summary>Releases the JSON writer; what was written stays written.</summary>
    public void Dispose() => _json.Dispose();

    private void StartItem(OpenItem next)
    {
        Require(_stage == Stage.Running && _item is null);
        _item = next;
        _text.ResetWrittenCount();
        _parts.Clear();
        _summaries.Clear();
        ItemEvent(EventNames.OutputItemAdded, Build(ItemStatus.InProgress));
    }

    private void StartPart(OpenPart next, string within)
    {
        Require(_item?.Type == within && _part == OpenPart.None);
        _part = next;
        _text.ResetWrittenCount();
        _logprobs.Clear();
        PartEvent(next == OpenPart.Summary ? EventNames.ReasoningSummaryPartAdded : EventNames.ContentPartAdded, BuildPart(string.Empty));
    }

    private void PartDelta(OpenPart expected, string type, ReadOnlySpan<char> delta)
    {
        Require(_part == expected);
        BeginDelta(type, delta);
        End(type);
    }

    private void CallDelta(string expected, string type, ReadOnlySpan<char> delta)
    {
        Require(_item?.Type == expected);
        BeginDelta(type, delta);
        End(type);
    }

    private void BeginDelta(string type, ReadOnlySpan<char> delta)
    {
        _text.Write(delta);
        Begin(type);
        Place();
        _json.WriteString("delta"u8, delta);
    }

    private void EndPart(OpenPart expected)
    {
        Require(_part == expected && expected != OpenPart.None);
        var (done, member) = expected switch
        {
            OpenPart.Text => (EventNames.OutputTextDone, "text"),
            OpenPart.Refusal => (EventNames.RefusalDone, "refusal"),
            OpenPart.Summary => (EventNames.ReasoningSummaryTextDone, "text"),
            _ => (EventNames.ReasoningTextDone, "text"),
        };
        Begin(done);
        Place();
        _json.WriteString(member, _text.WrittenSpan);
        if (expected == OpenPart.Text)
        {
            _json.WritePropertyName("logprobs"u8);
            JsonSerializer.Serialize(_json, _logprobs, ResponsesJson.Wire.ListTokenLogprob);
        }

        End(done);
        var finished = BuildPart(_text.WrittenSpan.ToString());
        PartEvent(expected == OpenPart.Summary ? EventNames.ReasoningSummaryPartDone : EventNames.ContentPartDone, finished);
        (expected == OpenPart.Summary ? _summaries : _parts).Add(finished);
        _part = OpenPart.None;
    }

    private void CallDone(string type, ReadOnlySpan<byte> member)
    {
        Begin(type);
        Place();
        _json.WriteString(member, _text.WrittenSpan);
        End(type);
    }

    private ContentPart BuildPart(string content) => _part switch
    {
        OpenPart.Text => new OutputTextPart { Text = content, Logprobs = [.. _logprobs] },
        OpenPart.Refusal => new RefusalPart { Refusal = content },
        OpenPart.Summary => new SummaryTextPart { Text = content },
        _ => new ReasoningTextPart { Text = content },
    };

    private ResponseItem Build(string status)
    {
        var open = _item!;
        return open.Type switch
        {
            ItemTypes.Message => new MessageItem { Id = open.Id, Status = status, Role = MessageRole.Assistant, Content = [.. _parts] },
            ItemTypes.FunctionCall => new FunctionCallItem
            {
                Id = open.Id, Status = status, CallId = open.CallId!, Name = open.Name!, Arguments = _text.WrittenSpan.ToString(),
            },
            ItemTypes.CustomToolCall => new CustomToolCallItem
            {
                Id = open.Id, Status = status, CallId = open.CallId!, Name = open.Name!, Input = _text.WrittenSpan.ToString(),
            },
            _ => new ReasoningItem { Id = open.Id, Status = status, Summary = [.. _summaries], Content = _parts.Count > 0 ? [.. _parts] : null },
        };
    }

    private void ItemEvent(string type, ResponseItem value)
    {
        Begin(type);
        _json.WriteNumber("output_index"u8, _items.Count);
        _json.WritePropertyName("item"u8);
        JsonSerializer.Serialize(_json, value, ResponsesJson.Wire.ResponseItem);
        End(type);
    }

    private void PartEvent(string type, ContentPart value)
    {
        Begin(type);
        Place();
        _json.WritePropertyName("part"u8);
        JsonSerializer.Serialize(_json, value, ResponsesJson.Wire.ContentPart);
        End(type);
    }

    private void Finish(string type, ResponseObject response)
    {
        Response = response;
        Snapshot(type);
        _stage = Stage.Ended;
    }

    private void Snapshot(string type)
    {
        Begin(type);
        _json.WritePropertyName("response"u8);
        JsonSerializer.Serialize(_json, Response, ResponsesJson.Wire.ResponseObject);
        End(type);
    }

    private void Begin(string type)
    {
        _scratch.ResetWrittenCount();
        _json.Reset(_scratch);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        _json.WriteNumber("sequence_number"u8, NextSequenceNumber++);
    }

    /// <summary>Says which item and, inside a part, which part an event is about.</summary>
    private void Place()
    {
        _json.WriteString("item_id"u8, _item!.Id);
        _json.WriteNumber("output_index"u8, _items.Count);
        if (_part == OpenPart.Summary)
            _json.WriteNumber("summary_index"u8, _summaries.Count);
        else if (_part != OpenPart.None)
            _json.WriteNumber("content_index"u8, _parts.Count);
    }

    private void End(string type)
    {
        _json.WriteEndObject();
        Emit(type);
    }

    private void Emit(string type)
    {
        _json.Flush();
        Span<byte> name = stackalloc byte[type.Length];
        Encoding.ASCII.GetBytes(type, name);
        SseWriter.Write(_output, name, _scratch.WrittenSpan);
    }

    private void Require(bool order)
    {
        if (!order)
            throw new InvalidOperationException($"Events out of order: {_stage}, item {_item?.Type ?? "none"}, part {_part}.");
    }

    private sealed record OpenItem(string Type, string Id, string? CallId = null, string? Name = null);
}
