using System.Buffers;

namespace Mka1.Edge.Responses;

/// <summary>
/// Emits the events of one response in order (contract.md E.3 to E.7) with sequence numbers from 0, each as one SSE
/// write. No allocation a delta once its buffers have grown. A call out of order throws: it is a bug of the caller.
/// Not thread-safe; the caller flushes.
/// </summary>
public sealed class ResponseStreamWriter
{
    /// <param name="output">Where SSE bytes go.</param>
    /// <param name="skeleton">The response as echoed (<see cref="ResponseEcho.Skeleton"/>).</param>
    public ResponseStreamWriter(IBufferWriter<byte> output, ResponseObject skeleton) => Response = skeleton;

    /// <summary>The response as it stands: items as they are finished, the outcome at the end.</summary>
    public ResponseObject Response { get; private set; }

    /// <summary>The number of the next event.</summary>
    public long NextSequenceNumber { get; private set; }

    /// <summary><c>response.created</c> and <c>response.in_progress</c>.</summary>
    public void Start() => throw new NotSupportedException();

    /// <summary><c>output_item.added</c> of an assistant message.</summary>
    public void StartMessage(string id) => throw new NotSupportedException();

    /// <summary><c>content_part.added</c> of an empty output_text.</summary>
    public void StartText() => throw new NotSupportedException();

    /// <summary><c>output_text.delta</c>.</summary>
    public void TextDelta(ReadOnlySpan<char> delta, ReadOnlySpan<TokenLogprob> logprobs = default) => throw new NotSupportedException();

    /// <summary><c>output_text.done</c> and <c>content_part.done</c>.</summary>
    public void EndText() => throw new NotSupportedException();

    /// <summary><c>content_part.added</c> of an empty refusal.</summary>
    public void StartRefusal() => throw new NotSupportedException();

    /// <summary><c>refusal.delta</c>.</summary>
    public void RefusalDelta(ReadOnlySpan<char> delta) => throw new NotSupportedException();

    /// <summary><c>refusal.done</c> and <c>content_part.done</c>.</summary>
    public void EndRefusal() => throw new NotSupportedException();

    /// <summary><c>output_item.added</c> of a function call with no arguments yet.</summary>
    public void StartFunctionCall(string id, string callId, string name) => throw new NotSupportedException();

    /// <summary><c>function_call_arguments.delta</c>.</summary>
    public void ArgumentsDelta(ReadOnlySpan<char> delta) => throw new NotSupportedException();

    /// <summary><c>output_item.added</c> of a custom tool call with no input yet.</summary>
    public void StartCustomToolCall(string id, string callId, string name) => throw new NotSupportedException();

    /// <summary><c>custom_tool_call_input.delta</c>.</summary>
    public void CustomInputDelta(ReadOnlySpan<char> delta) => throw new NotSupportedException();

    /// <summary><c>output_item.added</c> of a reasoning item.</summary>
    public void StartReasoning(string id) => throw new NotSupportedException();

    /// <summary><c>reasoning_summary_part.added</c>.</summary>
    public void StartSummary() => throw new NotSupportedException();

    /// <summary><c>reasoning_summary_text.delta</c>.</summary>
    public void SummaryDelta(ReadOnlySpan<char> delta) => throw new NotSupportedException();

    /// <summary><c>reasoning_summary_text.done</c> and <c>reasoning_summary_part.done</c>.</summary>
    public void EndSummary() => throw new NotSupportedException();

    /// <summary><c>content_part.added</c> of an empty reasoning_text.</summary>
    public void StartReasoningText() => throw new NotSupportedException();

    /// <summary><c>reasoning_text.delta</c>.</summary>
    public void ReasoningDelta(ReadOnlySpan<char> delta) => throw new NotSupportedException();

    /// <summary><c>reasoning_text.done</c> and <c>content_part.done</c>.</summary>
    public void EndReasoningText() => throw new NotSupportedException();

    /// <summary>Ends the open item: the <c>.done</c> of its arguments, if it has any, and <c>output_item.done</c>.</summary>
    /// <param name="status">completed, or incomplete for the item that was being sampled when the budget ran out.</param>
    public void EndItem(string status = ItemStatus.Completed) => throw new NotSupportedException();

    /// <summary><c>response.completed</c>.</summary>
    public void Complete(Usage usage, long completedAt) => throw new NotSupportedException();

    /// <summary><c>response.incomplete</c>; an item still open ends incomplete first.</summary>
    public void Incomplete(string reason, Usage usage, long completedAt) => throw new NotSupportedException();

    /// <summary>The hybrid <c>error</c> event and <c>response.failed</c>; allowed at any time before the end.</summary>
    public void Fail(ResponseError error, Usage? usage, long completedAt) => throw new NotSupportedException();
}
