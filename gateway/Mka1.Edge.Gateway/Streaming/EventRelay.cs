using System.Buffers;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// Passes a model server's events on. Events that carry a snapshot of the response get the gateway's envelope; all others go
/// on as the bytes they came as, with nothing changed but a sequence number that is not the expected one. After the terminal
/// event nothing more is passed on.
/// </summary>
internal sealed class EventRelay(ResponseRun run, ClientStream client, TimeProvider clock)
{
    private readonly ArrayBufferWriter<byte> _scratch = new(1024);
    private readonly List<byte[]> _finishedItems = [];
    private long _sequence;
    private ResponseError? _error;

    /// <summary>Whether a terminal event has been passed on.</summary>
    public bool Ended { get; private set; }

    /// <summary>Passes one event on.</summary>
    /// <exception cref="UpstreamProtocolException">The event breaks the contract.</exception>
    public void Relay(SseFrame frame)
    {
        if (Ended || frame.IsDone) return;

        var head = EventHead.Read(frame);
        if (head.Name.SequenceEqual("response.created"u8) != (_sequence == 0))
            throw new UpstreamProtocolException("response.created is the first event, and only the first.");
        if (_error is not null && !head.Name.SequenceEqual("response.failed"u8))
            throw new UpstreamProtocolException("Something other than response.failed follows an error.");

        if (EventNames.IsSnapshot(head.Name)) Snapshot(head.Name, frame.Data);
        else if (head.Name.SequenceEqual("error"u8)) Error(frame.Data);
        else Verbatim(head, frame.Data);
    }

    /// <summary>Ends a stream that the model server did not: the error for clients that look for one, then the terminal event.</summary>
    public void Fail(ApiError error)
    {
        if (Ended) return;

        // The model server's own error, once passed on, is the reason; a second one would only hide it.
        if (_error is null) WriteError(ResponseError.From(error));
        WriteSnapshot("response.failed", run.Envelope with
        {
            Status = ResponseStatus.Failed,
            CompletedAt = clock.GetUtcNow().ToUnixTimeSeconds(),
            Error = _error,
            Output = FinishedItems(),
            Usage = run.Outcome.Usage,
        });
    }

    private void Snapshot(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var response = SnapshotEnvelope.MergeEvent(run.Envelope, name, data, clock.GetUtcNow().ToUnixTimeSeconds()) switch
        {
            SnapshotResult.Merged merged => merged.Response,
            SnapshotResult.Violation violation => throw new UpstreamProtocolException(violation.Message),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (response.IsTerminal != EventNames.IsTerminal(name))
            throw new UpstreamProtocolException("A snapshot's status is not its event's.");
        WriteSnapshot(Encoding.ASCII.GetString(name), response);
    }

    private void WriteSnapshot(string name, ResponseObject response)
    {
        _scratch.ResetWrittenCount();
        EventWriter.WriteSnapshot(_scratch, name, _sequence++, response);
        client.Write(Encoding.ASCII.GetBytes(name), _scratch.WrittenSpan);
        if (!response.IsTerminal) return;

        Ended = true;
        run.Outcome.Usage = response.Usage;
    }

    private void Verbatim(EventHead head, ReadOnlySpan<byte> data)
    {
        var name = head.Name;
        if (head.SequenceNumber == _sequence)
        {
            client.Write(name, data);
        }
        else
        {
            var number = Encoding.ASCII.GetBytes(_sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
            client.Write(name, JsonSplice.Apply(data, JsonEdit.Set("sequence_number", number)));
        }

        _sequence++;
        if (name.EndsWith(".delta"u8)) run.Outcome.Deltas++;
        else if (name.SequenceEqual("response.output_item.done"u8)) _finishedItems.Add(data.ToArray());
    }

    private void Error(ReadOnlySpan<byte> data) => WriteError(UpstreamEventError.Read(data));

    private void WriteError(ResponseError error)
    {
        _error = error;
        _scratch.ResetWrittenCount();
        EventWriter.WriteError(_scratch, _sequence++, error);
        client.Write("error"u8, _scratch.WrittenSpan);
    }

    /// <summary>What the client has seen finished; kept as bytes and read only when a stream breaks.</summary>
    private List<ResponseItem> FinishedItems()
    {
        var items = new List<ResponseItem>(_finishedItems.Count);
        foreach (var data in _finishedItems)
        {
            try
            {
                var item = JsonDocument.Parse(data).RootElement.GetProperty("item"u8);
                if (item.Deserialize(ResponsesJson.Wire.ResponseItem) is { } read) items.Add(read);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                // A malformed item is left out of the summary; the client already has it as it came.
            }
        }

        return items;
    }
}
