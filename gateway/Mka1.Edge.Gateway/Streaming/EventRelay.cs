using System.Buffers;
using System.Globalization;
using System.Text;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// Passes a model server's events on. Events that carry a snapshot of the response get the gateway's envelope; all others go
/// on as the bytes they came as, with nothing changed but a sequence number that is not the expected one. The terminal event
/// is kept back: it is the run's to send, once the response is stored. After it nothing more is passed on.
/// </summary>
internal sealed class EventRelay(ResponseRun run, IRunOutput output, RunQuota quota, TimeProvider clock)
{
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly RunProgress _progress = run.Progress;
    private readonly bool _compacted = run.History.Compaction is not null;
    private long _bytes;
    private (ResponseStatus Status, byte[] Body)? _opening;
    private bool _created;
    private bool _compactionSent;
    private ResponseError? _error;
    private (byte[] Name, byte[] Data)? _held;

    /// <summary>Whether the terminal event has come.</summary>
    public bool Ended => _progress.Final is not null;

    /// <summary>Whether anything of the model server's has been passed on.</summary>
    public bool HasPassed { get; private set; }

    /// <summary>Whether an event has come that carries output, or an error.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>Passes one event on.</summary>
    /// <returns>False when what is set aside for the run is used up: the event is held back until more is set aside, or for good.</returns>
    /// <exception cref="UpstreamProtocolException">The event breaks the contract.</exception>
    public bool Relay(SseFrame frame)
    {
        if (Ended || frame.IsDone) return true;
        _bytes += frame.Data.Length;
        if (_bytes > run.Snapshot.Config.Limits.MaxStreamBytes) throw new UpstreamProtocolException("The stream is longer than allowed.");

        var head = EventHead.Read(frame);
        if (head.Name.SequenceEqual("response.created"u8) == _created)
            throw new UpstreamProtocolException("response.created is the first event, and only the first.");
        if (_error is not null && !head.Name.SequenceEqual("response.failed"u8))
            throw new UpstreamProtocolException("Something other than response.failed follows an error.");
        _created = true;
        HasOutput |= !EventNames.IsSnapshot(head.Name);

        if (_compacted && !_compactionSent && (EventNames.IsTerminal(head.Name) || !EventNames.IsSnapshot(head.Name))) SendCompaction();
        if (EventNames.IsSnapshot(head.Name)) Snapshot(head.Name, frame.Data);
        else if (head.Name.SequenceEqual("error"u8)) WriteError(UpstreamEventError.Read(frame.Data));
        else if (head.IsDelta && !quota.HasRoom(run))
        {
            _held = (head.Name.ToArray(), frame.Data.ToArray());
            return false;
        }
        else Verbatim(head, frame.Data);
        return true;
    }

    /// <summary>Passes on what was held back, now that more is set aside.</summary>
    public void GoOn()
    {
        var (name, data) = _held!.Value;
        _held = null;
        Verbatim(EventHead.Read(name, data), data);
    }

    /// <summary>Ends a stream for which nothing more can be set aside: what came of it is its answer.</summary>
    public void CutShort()
    {
        var usage = quota.UsageOf(run);
        _progress.Final = CompactedOutput.In(run, run.Envelope with
        {
            Status = ResponseStatus.Incomplete,
            CompletedAt = clock.GetUtcNow().ToUnixTimeSeconds(),
            IncompleteDetails = new IncompleteDetails("max_output_tokens"),
            Output = _progress.Output.Items(),
            Usage = Usage.Of(usage.InputTokens, usage.OutputTokens),
        });
    }

    /// <summary>Ends a stream that the model server did not: the error for clients that look for one, then the outcome.</summary>
    public void Fail(ApiError error)
    {
        if (Ended) return;

        // The model server's own error, once passed on, is the reason; a second one would only hide it.
        if (_error is null) WriteError(ResponseError.From(error));
        _progress.Final = run.Envelope with
        {
            Status = ResponseStatus.Failed,
            CompletedAt = clock.GetUtcNow().ToUnixTimeSeconds(),
            Error = _error,
            Output = _progress.Output.Items(),
            Usage = run.Outcome.Usage,
        };
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
        if (response.IsTerminal)
        {
            run.Outcome.Usage = response.Usage;
            _progress.Final = CompactedOutput.In(run, SaidUsage.In(run, response, quota));
            return;
        }

        if (_progress.Opened) return;
        HasPassed = true;
        output.Write(_progress.Next, name, TerminalEvent.Data(Encoding.ASCII.GetString(name), _progress.Next, BodyOf(response)));
        _progress.Next++;
    }

    /// <summary>The events that open a stream differ in nothing but their names: what they carry is written once.</summary>
    private byte[] BodyOf(ResponseObject response)
    {
        if (response.Output.Count > 0 || response.Usage is not null) return TerminalEvent.Body(response);
        if (_opening is not { } opening || opening.Status != response.Status)
            _opening = opening = (response.Status, TerminalEvent.Body(response));
        return opening.Body;
    }

    private void Verbatim(EventHead head, ReadOnlySpan<byte> data)
    {
        var name = head.Name;

        // The compaction stands first in the output, so everything of the model's own moves up by one.
        if (_compacted && head.OutputIndex is { } index) data = JsonSplice.Apply(data, JsonEdit.Set("output_index", Number(index + 1)));
        if (head.SequenceNumber != _progress.Next) data = JsonSplice.Apply(data, JsonEdit.Set("sequence_number", Number(_progress.Next)));
        Send(name, data, head.Delta);
        if (name.StartsWith("response.refusal."u8)) run.Outcome.ModelRefused = true;
        if (!head.IsDelta) return;
        run.Outcome.TimeToFirstToken ??= clock.GetElapsedTime(run.StartedAt);
        run.Outcome.Deltas++;
        run.Outcome.DeltaBytes += head.Delta.Length;
    }

    private void SendCompaction()
    {
        _compactionSent = true;
        foreach (var name in new[] { EventNames.OutputItemAdded, EventNames.OutputItemDone })
            Send(Encoding.ASCII.GetBytes(name), CompactedOutput.Event(name, _progress.Next, run.History.Compaction!.Value.Span));
    }

    private void Send(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> delta = default)
    {
        _progress.Output.Note(name, data, delta);
        HasPassed = true;
        output.Write(_progress.Next++, name, data);
    }

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private void WriteError(ResponseError error)
    {
        _error = error;
        _scratch.ResetWrittenCount();
        EventWriter.WriteError(_scratch, _progress.Next, error);
        HasPassed = true;
        output.Write(_progress.Next++, "error"u8, _scratch.WrittenSpan);
    }
}
