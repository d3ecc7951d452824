using System.Text;
using Mka1.Edge.LoadTests.Wire;

namespace Mka1.Edge.LoadTests.Tests;

/// <summary>Promise: the client reads an answer the same way wherever its pieces end.</summary>
public sealed class AnswerParserTests
{
    private const string Events = "event: a\ndata: {}\n\nevent: b\ndata: {}\n\n";

    public static TheoryData<string, string> Answers => new()
    {
        { "a length", $"HTTP/1.1 200 OK\r\ncontent-length: {Events.Length}\r\nServer: x\r\n\r\n{Events}" },
        { "one chunk", $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Events.Length:x}\r\n{Events}\r\n0\r\n\r\n" },
        { "chunks that cut lines", $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\n{Events[..3]}\r\n{Events.Length - 3:X}\r\n{Events[3..]}\r\n0\r\nTrailer: y\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Pieces_may_end_anywhere(string what, string answer)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var parser = new AnswerParser();
            parser.Reset();
            for (var at = 0; at < bytes.Length;)
            {
                Assert.False(parser.Complete, $"{what} is complete at byte {at} of {bytes.Length}");
                var some = Math.Min(bytes.Length - at, round == 0 ? 1 : random.Next(1, 40));
                parser.Read(bytes.AsSpan(at, some));
                at += some;
            }

            Assert.True(parser.Complete && parser.KeepsAlive, what);
            Assert.Equal(new WireAnswer(200, 2, Events.Length), parser.Answer);
        }
    }

    [Fact]
    public void An_answer_that_is_cut_is_none()
    {
        var parser = new AnswerParser();
        parser.Reset();
        parser.Read("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"u8);
        Assert.False(parser.Complete);
        Assert.Equal(0, parser.Answer.Status);
    }

    [Fact]
    public void A_connection_that_is_to_be_closed_is_told()
    {
        var parser = new AnswerParser();
        parser.Reset();
        parser.Read("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8);
        Assert.Equal((true, false, 503), (parser.Complete, parser.KeepsAlive, parser.Answer.Status));
    }
}
