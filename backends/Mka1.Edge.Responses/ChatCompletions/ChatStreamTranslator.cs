using System.Buffers;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Turns the event stream of a chat server into that of the Responses API, whatever the chunks it arrives in. The end is
/// believed only when the server says how the answer ended (<c>finish_reason</c>): a stream without it is cut.
/// </summary>
/// <remarks>
/// Once the answer is finished, the terminal event waits for the usage that some servers send after it, for <c>[DONE]</c>, or for
/// the end of the stream. Not thread-safe.
/// </remarks>
public sealed class ChatStreamTranslator : IDisposable
{
    private readonly ResponseStreamWriter _writer;
    private readonly ChatAnswerBuilder _answer;
    private readonly SseReader _reader;
    private readonly Func<long> _now;
    private bool _started;
    private Usage? _usage;

    /// <param name="output">Takes the events as SSE bytes.</param>
    /// <param name="skeleton">The response they are about (<see cref="ResponseEcho.Skeleton"/>, or less where an envelope is put around it).</param>
    /// <param name="now">Unix seconds.</param>
    /// <param name="maxEventBytes">The largest event allowed.</param>
    public ChatStreamTranslator(IBufferWriter<byte> output, ResponseObject skeleton, Func<long> now, int maxEventBytes = 4 << 20)
    {
        _writer = new ResponseStreamWriter(output, skeleton);
        _answer = new ChatAnswerBuilder(_writer);
        _reader = new SseReader(maxEventBytes, maxEventBytes);
        _now = now;
    }

    /// <summary>Where the stream stands.</summary>
    public ChatStreamState State { get; private set; }

    /// <summary>What is wrong with the stream, in words for a log, once it is broken.</summary>
    public string? Fault { get; private set; }

    /// <summary>The response as it stands.</summary>
    public ResponseObject Response => _writer.Response;

    /// <summary>Takes bytes as they came.</summary>
    public ChatStreamState Push(ReadOnlySpan<byte> chunk)
    {
        if (State != ChatStreamState.Open)
            return State;
        _reader.Push(chunk);
        while (State == ChatStreamState.Open)
        {
            switch (_reader.TryRead(out var frame))
            {
                case SseReadStatus.Frame:
                    Take(frame);
                    break;
                case SseReadStatus.NeedMore:
                    return State;
                default:
                    Break("An event is longer than allowed.");
                    break;
            }
        }

        return State;
    }

    /// <summary>The server has ended the stream.</summary>
    public ChatStreamState End()
    {
        if (State == ChatStreamState.Open)
        {
            if (_answer.IsFinished)
                Conclude();
            else
                Break("The stream ended before the answer did.");
        }

        return State;
    }

    /// <summary>Ends the events of a stream that is open or broken with <c>response.failed</c>.</summary>
    public void Fail(ApiError error)
    {
        if (State == ChatStreamState.Ended)
            return;
        _writer.Fail(ResponseError.From(error), _usage, _now());
        State = ChatStreamState.Ended;
    }

    /// <summary>Releases the JSON writer; what was written stays written.</summary>
    public void Dispose() => _writer.Dispose();

    private void Take(SseFrame frame)
    {
        if (frame.IsDone)
        {
            End();
            return;
        }

        if (StrictJson.Check(frame.Data, RequestLimits.Default) is not null)
        {
            Break("An event is not sound JSON.");
            return;
        }

        var reader = new Utf8JsonReader(frame.Data);
        using var document = JsonDocument.ParseValue(ref reader);
        Take(document.RootElement, named: frame.Event.SequenceEqual("error"u8));
    }

    private void Take(JsonElement chunk, bool named)
    {
        if (ChatErrors.Read(chunk, named) is { } error)
        {
            _writer.Fail(error, _usage, _now());
            State = ChatStreamState.Ended;
            return;
        }

        var choices = ChatFields.Array(chunk, "choices"u8);
        var usage = ChatUsage.Read(chunk);
        if (choices is null && usage is null)
            return;
        if (!_started)
        {
            _started = true;
            _writer.Start();
        }

        _usage = usage ?? _usage;
        foreach (var choice in choices?.EnumerateArray() ?? default)
        {
            // One choice was asked for; what comes under another number is not the answer.
            if (ChatFields.Count(choice, "index"u8, long.MaxValue) is > 0)
                continue;
            _usage = ChatUsage.Read(choice) ?? _usage;
            if (_answer.Take(choice) is not { } fault)
                continue;
            Break(fault);
            return;
        }

        // The usage of its own chunk is the last thing there is to know.
        if (_answer.IsFinished && usage is not null && choices?.GetArrayLength() is null or 0)
            Conclude();
    }

    private void Conclude()
    {
        if (_answer.End(_usage, _now()) is { } fault)
            Break(fault);
        else
            State = ChatStreamState.Ended;
    }

    private void Break(string fault)
    {
        Fault = fault;
        State = ChatStreamState.Broken;
    }
}
