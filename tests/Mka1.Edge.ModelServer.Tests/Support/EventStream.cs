using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>Reads events as they come and holds the stream to the contract's rules.</summary>
internal sealed class EventStream(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly SseReader _reader = new();
    private readonly byte[] _chunk = new byte[4096];

    /// <summary>Checks the order of events; the final response stands here at the end.</summary>
    public ResponseAccumulator Accumulator { get; } = new();

    /// <summary>Whether <c>[DONE]</c> has come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The next event's data, or null at the end of the stream.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        while (true)
        {
            switch (Take(out var data))
            {
                case SseReadStatus.Frame when data is { } element:
                    return element;
                case SseReadStatus.Frame:
                    continue;
                case SseReadStatus.TooLong:
                    throw new InvalidOperationException("An event is too long.");
            }

            var count = await body.ReadAsync(_chunk).AsTask().WaitAsync(Bound.Generous);
            if (count == 0)
                return null;
            Assert.False(IsDone, "Bytes came after [DONE].");
            _reader.Push(_chunk.AsSpan(0, count));
        }
    }

    /// <summary>Reads on until an event of this type has come, and gives it.</summary>
    public async Task<JsonElement> UntilAsync(string type)
    {
        while (await NextAsync() is { } data)
        {
            if (data.GetProperty("type").GetString() == type)
                return data;
        }

        throw new InvalidOperationException($"The stream ended without {type}.");
    }

    /// <summary>All that is left; the stream must end as the contract says.</summary>
    public async Task<List<JsonElement>> ToEndAsync()
    {
        var events = new List<JsonElement>();
        while (await NextAsync() is { } data)
            events.Add(data);
        Assert.True(IsDone, "The stream did not end with [DONE].");
        Assert.IsType<StreamStep.Accepted>(Accumulator.End());
        return events;
    }

    public void Dispose() => response.Dispose();

    private SseReadStatus Take(out JsonElement? data)
    {
        data = null;
        var status = _reader.TryRead(out var frame);
        if (status != SseReadStatus.Frame)
            return status;
        if (frame.IsDone)
        {
            IsDone = true;
            return status;
        }

        data = JsonElement.Parse(frame.Data);
        Assert.Equal(data.Value.GetProperty("type").GetString(), System.Text.Encoding.UTF8.GetString(frame.Event));
        var step = Accumulator.Accept(frame.Event, frame.Data);
        Assert.True(step is StreamStep.Accepted, (step as StreamStep.Violation)?.Message);
        return status;
    }
}
