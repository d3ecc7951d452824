using System.Text;

namespace Mka1.Edge.Responses;

/// <summary>
/// Follows a stream of events, enforces the rules of contract.md E.3 to E.9 and gives the final response.
/// Never throws on hostile input.
/// </summary>
public sealed class ResponseAccumulator
{
    private readonly List<ItemTrack> _items = [];
    private string? _responseId;
    private bool _errorSeen;
    private StreamStep.Violation? _broken;

    /// <summary>The response of the terminal event, or null before it.</summary>
    public ResponseObject? Final { get; private set; }

    /// <summary>Events accepted so far.</summary>
    public long EventCount { get; private set; }

    /// <summary>Takes the next event. An empty name means the data's own <c>type</c>. After a violation every answer is that violation.</summary>
    public StreamStep Accept(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        if (_broken is not null)
            return _broken;
        var wrong = EventParser.Parse(data) switch
        {
            ParseResult<ResponseEvent>.Parsed parsed => Frame(eventName, parsed.Request) ?? Follow(parsed.Request),
            ParseResult<ResponseEvent>.Refused refused => refused.Error.Message,
            _ => null,
        };
        if (wrong is not null)
            return _broken = new StreamStep.Violation($"Event {EventCount}: {wrong}");
        EventCount++;
        return StreamStep.Accepted.Instance;
    }

    /// <summary>The stream has ended: accepted only if a terminal event came.</summary>
    public StreamStep End()
    {
        if (_broken is null && Final is null)
            _broken = new StreamStep.Violation($"The stream ended after {EventCount} events without a terminal event.");
        return _broken is not null ? _broken : StreamStep.Accepted.Instance;
    }

    /// <summary>What holds for every event, whatever its type.</summary>
    private string? Frame(ReadOnlySpan<byte> eventName, ResponseEvent next)
    {
        if (!eventName.IsEmpty && !eventName.SequenceEqual(Encoding.UTF8.GetBytes(next.Type)))
            return $"the SSE event name is not the type '{next.Type}'.";
        if (next.SequenceNumber != EventCount)
            return $"'{next.Type}' has sequence_number {next.SequenceNumber} where {EventCount} is due.";
        if (Final is not null)
            return $"'{next.Type}' comes after the terminal event.";
        if (EventCount == 0 && next.Type != EventNames.Created)
            return $"the stream begins with '{next.Type}'; response.created is the first event.";
        if (EventCount > 0 && next.Type == EventNames.Created)
            return "response.created comes twice.";
        return _errorSeen && next.Type != EventNames.Failed ? $"'{next.Type}' follows an error; only response.failed may." : null;
    }

    private string? Follow(ResponseEvent next)
    {
        switch (next)
        {
            case SnapshotEvent snapshot:
                return Snapshot(snapshot);
            case OutputItemEvent added when added.Type == EventNames.OutputItemAdded:
                if (added.OutputIndex != _items.Count)
                    return $"output_index {added.OutputIndex} is added where {_items.Count} is due.";
                _items.Add(new ItemTrack(added.Item));
                return null;
            case OutputItemEvent done:
                return Item(done.OutputIndex, null, item => item.Finish(done.Item));
            case ContentPartEvent content:
                return Item(content.OutputIndex, content.ItemId, item => Part(
                    item.Content, content.ContentIndex, content.Part, content.Type == EventNames.ContentPartAdded));
            case SummaryPartEvent summary:
                return Item(summary.OutputIndex, summary.ItemId, item => Part(
                    item.Summary, summary.SummaryIndex, summary.Part, summary.Type == EventNames.ReasoningSummaryPartAdded));
            case ContentDeltaEvent delta:
                return Text(delta.OutputIndex, delta.ItemId, item => item.Content, delta.ContentIndex, part => part.Delta(delta.Delta));
            case TextDoneEvent done:
                return Text(done.OutputIndex, done.ItemId, item => item.Content, done.ContentIndex, part => part.Finish(done.Text));
            case RefusalDoneEvent done:
                return Text(done.OutputIndex, done.ItemId, item => item.Content, done.ContentIndex, part => part.Finish(done.Refusal));
            case SummaryDeltaEvent delta:
                return Text(delta.OutputIndex, delta.ItemId, item => item.Summary, delta.SummaryIndex, part => part.Delta(delta.Delta));
            case SummaryDoneEvent done:
                return Text(done.OutputIndex, done.ItemId, item => item.Summary, done.SummaryIndex, part => part.Finish(done.Text));
            case AnnotationAddedEvent annotation:
                return Text(annotation.OutputIndex, annotation.ItemId, item => item.Content, annotation.ContentIndex, _ => null);
            case ItemDeltaEvent delta:
                return Item(delta.OutputIndex, delta.ItemId, item => item.Call.Delta(delta.Delta));
            case ArgumentsDoneEvent done:
                return Item(done.OutputIndex, done.ItemId, item => item.Call.Finish(done.Arguments));
            case InputDoneEvent done:
                return Item(done.OutputIndex, done.ItemId, item => item.Call.Finish(done.Input));
            case CodeDoneEvent done:
                return Item(done.OutputIndex, done.ItemId, item => item.Call.Finish(done.Code));
            case ToolProgressEvent progress:
                return Item(progress.OutputIndex, progress.ItemId, _ => null);
            case ErrorEvent:
                _errorSeen = true;
                return null;
            default:
                // Audio, shell, partial images and extensions say nothing that the rules here speak of.
                return null;
        }
    }

    private string? Snapshot(SnapshotEvent snapshot)
    {
        var response = snapshot.Response;
        _responseId ??= response.Id;
        if (response.Id != _responseId)
            return "the response's id changes.";
        var expected = snapshot.Type switch
        {
            EventNames.Queued => ResponseStatus.Queued,
            EventNames.InProgress => ResponseStatus.InProgress,
            EventNames.Completed => ResponseStatus.Completed,
            // There is no event of its own for a cancelled response (contract.md E.6).
            EventNames.Incomplete => response.Status == ResponseStatus.Cancelled ? ResponseStatus.Cancelled : ResponseStatus.Incomplete,
            EventNames.Failed => ResponseStatus.Failed,
            // A background response is created queued, a foreground one in progress.
            _ => response.Status == ResponseStatus.Queued ? ResponseStatus.Queued : ResponseStatus.InProgress,
        };
        if (response.Status != expected)
            return $"'{snapshot.Type}' carries a response with another status.";
        if (!response.IsTerminal)
            return null;
        var wrong = response.Status switch
        {
            ResponseStatus.Failed => FailedOutcome(response),
            ResponseStatus.Cancelled => null,
            _ => FinishedOutcome(response),
        };
        Final = wrong is null ? response : null;
        return wrong;
    }

    private static string? FailedOutcome(ResponseObject response) => response.Error is null ? "a failed response has no error." : null;

    private string? FinishedOutcome(ResponseObject response)
    {
        if (response.Usage is null)
            return "a finished response has no usage.";
        if (response.Status == ResponseStatus.Incomplete && response.IncompleteDetails is null)
            return "an incomplete response has no incomplete_details.";
        if (response.Output.Count != _items.Count)
            return $"{_items.Count} items were streamed and the response holds {response.Output.Count}.";
        for (var i = 0; i < _items.Count; i++)
        {
            var item = response.Output[i];
            if (item.Id != _items[i].Id || item.Type != _items[i].Type)
                return $"output[{i}] is not the item that was streamed.";
            if (item.Status == ItemStatus.Incomplete && (i < _items.Count - 1 || response.Status != ResponseStatus.Incomplete))
                return $"output[{i}] is incomplete; only the last item of an incomplete response may be.";
        }

        return null;
    }

    private string? Item(int outputIndex, string? itemId, Func<ItemTrack, string?> step)
    {
        if (outputIndex < 0 || outputIndex >= _items.Count)
            return $"output_index {outputIndex} was not added.";
        var item = _items[outputIndex];
        if (item.Done)
            return $"output_index {outputIndex} is done already.";
        if (itemId is not null && itemId != item.Id)
            return $"output_index {outputIndex} belongs to another item_id.";
        return step(item) is { } wrong ? $"the item at output_index {outputIndex} {wrong}." : null;
    }

    private string? Text(int outputIndex, string itemId, Func<ItemTrack, List<PartTrack>> list, int index, Func<PartTrack, string?> step) =>
        Item(outputIndex, itemId, item =>
        {
            var parts = list(item);
            return index < 0 || index >= parts.Count || parts[index].Done ? $"has no open part {index}" : step(parts[index]);
        });

    private static string? Part(List<PartTrack> parts, int index, ContentPart part, bool added)
    {
        if (added)
        {
            if (index != parts.Count)
                return $"adds part {index} where {parts.Count} is due";
            parts.Add(new PartTrack(part.Type));
            return null;
        }

        if (index < 0 || index >= parts.Count || parts[index].Done)
            return $"has no open part {index}";
        if (parts[index].Type != part.Type)
            return $"added part {index} with another type than it is done with";
        if (!parts[index].TextDone)
            return $"has part {index} done before its text";
        parts[index].Done = true;
        return null;
    }
}
