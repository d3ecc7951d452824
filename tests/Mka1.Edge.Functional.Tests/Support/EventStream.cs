using System.Text;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>Reads a response stream event by event and fails the test at the first broken rule of the contract.</summary>
public sealed class EventStream(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly SseReader _frames = new();
    private readonly ResponseAccumulator _rules = new();
    private readonly byte[] _chunk = new byte[16 * 1024];
    private long _next;
    private bool _done;

    /// <summary>The response of the terminal event.</summary>
    public ResponseObject Final => _rules.Final ?? throw new InvalidOperationException("The stream has not ended.");

    /// <summary>Reads all events that are left, to the end of the stream.</summary>
    public async Task<List<StreamEvent>> ReadToEndAsync()
    {
        var events = new List<StreamEvent>();
        while (await ReadAsync() is { } next) events.Add(next);
        return events;
    }

    /// <summary>Reads up to the first delta of output text.</summary>
    public async Task<StreamEvent> ReadToFirstDeltaAsync()
    {
        while (true)
        {
            var next = await ReadAsync();
            Assert.NotNull(next);
            if (next.TextDelta is not null) return next;
        }
    }

    /// <summary>The next event; null at the end, which must come after a terminal event and <c>[DONE]</c>.</summary>
    public async Task<StreamEvent?> ReadAsync()
    {
        while (true)
        {
            if (TryTake(out var next)) return next;
            var read = await body.ReadAsync(_chunk);
            if (read == 0)
            {
                Assert.IsType<StreamStep.Accepted>(_rules.End());
                Assert.True(_done, "The stream did not end with [DONE].");
                Assert.False(_frames.HasPartial);
                return null;
            }

            _frames.Push(_chunk.AsSpan(0, read));
        }
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }

    private bool TryTake(out StreamEvent? taken)
    {
        taken = null;
        while (_frames.TryRead(out var frame) is var status && status != SseReadStatus.NeedMore)
        {
            Assert.Equal(SseReadStatus.Frame, status);
            Assert.False(_done, "Something follows [DONE].");
            if (frame.IsDone)
            {
                _done = true;
                continue;
            }

            var step = _rules.Accept(frame.Event, frame.Data);
            if (step is StreamStep.Violation broken) Assert.Fail($"{broken.Message} in {Encoding.UTF8.GetString(frame.Data)}");
            using var document = JsonDocument.Parse(frame.Data.ToArray());
            taken = new StreamEvent(Encoding.UTF8.GetString(frame.Event), document.RootElement.Clone());
            Assert.Equal(_next++, taken.Data.GetProperty("sequence_number").GetInt64());
            return true;
        }

        return false;
    }
}
