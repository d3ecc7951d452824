using System.Buffers;
using System.Text;

namespace Mka1.Edge.Responses.Tests;

public sealed class Sse_writing
{
    [Fact]
    public void An_event_and_its_blank_line_are_one_write()
    {
        var output = new CountingWriter();

        SseWriter.Write(output, "response.created"u8, "{\"a\":1}"u8);

        Assert.Equal("event: response.created\ndata: {\"a\":1}\n\n", output.Text);
        Assert.Equal(1, output.Writes);
    }

    [Fact]
    public void Line_breaks_between_json_tokens_become_spaces()
    {
        var output = new CountingWriter();

        SseWriter.Write(output, default, "{\r\n\"a\":\n1}"u8);

        Assert.Equal("data: {  \"a\": 1}\n\n", output.Text);
    }

    [Fact]
    public void Done_and_keep_alive_are_what_clients_know()
    {
        var output = new CountingWriter();

        SseWriter.WriteDone(output);
        SseWriter.WriteKeepAlive(output);

        Assert.Equal("data: [DONE]\n\n: keep-alive\n\n", output.Text);
    }

    [Fact]
    public void A_name_of_two_lines_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => SseWriter.Write(new CountingWriter(), "a\nb"u8, "{}"u8));

    private sealed class CountingWriter : IBufferWriter<byte>
    {
        private readonly ArrayBufferWriter<byte> _inner = new();

        public int Writes { get; private set; }

        public string Text => Encoding.UTF8.GetString(_inner.WrittenSpan);

        public void Advance(int count)
        {
            Writes++;
            _inner.Advance(count);
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);
    }
}
