using System.Text;

namespace Mka1.Edge.Responses.Tests;

public sealed class Sse_reading
{
    [Theory]
    [InlineData("event: a\ndata: 1\n\n", "a=1")]
    [InlineData("event: a\r\ndata: 1\r\n\r\n", "a=1")]
    [InlineData("event: a\rdata: 1\r\r", "a=1")]
    [InlineData("data:1\n\n", "=1")]
    [InlineData("data:  1\n\n", "= 1")]
    [InlineData("data\n\n", "=")]
    [InlineData("data: a\ndata: b\ndata\n\n", "=a\nb\n")]
    [InlineData("data\ndata\n\n", "=\n")]
    [InlineData("data\ndata: x\n\n", "=\nx")]
    [InlineData(": comment\n\ndata: 1\n\n: more\n\n", "=1")]
    [InlineData("event: a\n: comment\nid: 7\nretry: 5\nfoo: bar\ndata: 1\n\n", "a=1")]
    [InlineData("event: a\n\ndata: 1\n\n", "=1")]
    [InlineData("\uFEFFdata: 1\n\n", "=1")]
    [InlineData("data: 1\n", "")]
    [InlineData("data: 1", "")]
    [InlineData("", "")]
    public void Streams_are_read_as_the_standard_says(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);

        Assert.Equal(expected, Show(Read(bytes, [bytes.Length])));
        Assert.Equal(expected, Show(Read(bytes, Enumerable.Repeat(1, bytes.Length))));
    }

    [Fact]
    public void Any_chunking_gives_what_a_reader_of_the_whole_gives()
    {
        var random = new Random(7);
        string[] pieces =
        [
            "event: response.output_text.delta\n", "data: {\"delta\":\"é😀\"}\n", "\n", "\r\n", "\r", "data:", "data: x", "event", ":", ": keep-alive\n\n",
            "data: [DONE]\n\n", " ", "\uFEFF", "id: 1\n", "data: one\ndata: two\r\n\r\n", new string('y', 300),
        ];
        for (var round = 0; round < 3000; round++)
        {
            var stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)])));
            var chunks = new List<int>();
            for (var left = stream.Length; left > 0; left -= chunks[^1])
                chunks.Add(Math.Min(left, random.Next(1, 1 + random.Next(1, 40))));

            Assert.Equal(ReferenceSse.Parse(stream), Read(stream, chunks));
        }
    }

    [Fact]
    public void A_line_over_the_bound_stops_the_reader_before_it_is_buffered_whole()
    {
        var reader = new SseReader(maxLineBytes: 1000);
        var status = SseReadStatus.NeedMore;
        var pushed = 0;
        while (status == SseReadStatus.NeedMore && pushed < 10_000)
        {
            reader.Push(new byte[100].AsSpan());
            pushed += 100;
            status = reader.TryRead(out _);
        }

        Assert.Equal(SseReadStatus.TooLong, status);
        Assert.Equal(1100, pushed);
        reader.Push("\n\ndata: 1\n\n"u8);
        Assert.Equal(SseReadStatus.TooLong, reader.TryRead(out _));
    }

    [Fact]
    public void A_line_at_the_bound_is_read()
    {
        var reader = new SseReader(maxLineBytes: 16);
        reader.Push("data: 0123456789\n\n"u8);

        Assert.Equal(SseReadStatus.Frame, reader.TryRead(out _));
    }

    [Fact]
    public void An_event_of_many_lines_is_bounded_too()
    {
        var reader = new SseReader(maxLineBytes: 100, maxEventBytes: 1000);
        var status = SseReadStatus.NeedMore;
        for (var lines = 0; status == SseReadStatus.NeedMore && lines < 1000; lines++)
        {
            reader.Push("data: 0123456789\n"u8);
            status = reader.TryRead(out _);
        }

        Assert.Equal(SseReadStatus.TooLong, status);
    }

    [Fact]
    public void A_cut_stream_shows_a_partial_event()
    {
        var reader = new SseReader();
        reader.Push("data: 1\n\ndata: 2\n"u8);

        Assert.Equal(SseReadStatus.Frame, reader.TryRead(out _));
        Assert.Equal(SseReadStatus.NeedMore, reader.TryRead(out _));
        Assert.True(reader.HasPartial);
        reader.Push("\n"u8);
        Assert.Equal(SseReadStatus.Frame, reader.TryRead(out _));
        Assert.False(reader.HasPartial);
    }

    [Fact]
    public void Reading_events_allocates_nothing_once_warm()
    {
        var stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"delta\":\"hello\"}\n\n", 50)));
        var reader = new SseReader();
        Assert.Equal(50, Drain(reader, stream));
        Assert.Equal(0, Allocations.Least(() => Drain(reader, stream)));
    }

    private static int Drain(SseReader reader, byte[] stream)
    {
        var frames = 0;
        for (var at = 0; at < stream.Length; at += 37)
        {
            reader.Push(stream.AsSpan(at, Math.Min(37, stream.Length - at)));
            while (reader.TryRead(out var frame) == SseReadStatus.Frame)
                frames += frame.Data.Length > 0 ? 1 : 0;
        }

        return frames;
    }

    private static List<(string Event, string Data)> Read(byte[] stream, IEnumerable<int> chunks)
    {
        var reader = new SseReader();
        var events = new List<(string, string)>();
        var at = 0;
        foreach (var chunk in chunks)
        {
            reader.Push(stream.AsSpan(at, chunk));
            at += chunk;
            while (reader.TryRead(out var frame) == SseReadStatus.Frame)
                events.Add((Encoding.Latin1.GetString(frame.Event), Encoding.Latin1.GetString(frame.Data)));
        }

        return events;
    }

    private static string Show(List<(string Event, string Data)> events) => string.Join('|', events.Select(item => $"{item.Event}={item.Data}"));
}
