using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

public sealed class StalledReaderTests
{
    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_off_and_its_decoding_stops()
    {
        await using var server = await RunningServer.StartAsync(EndlessModel.Path, options => options.WriteStall = TimeSpan.FromSeconds(1));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        // Events of several kilobytes fill the buffers between the two soon.
        var body = JsonSerializer.Serialize(new { model = "served", input = "Count.", stream = true, temperature = 0, top_logprobs = 20 });
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await Bound.UntilAsync(server.HealthAsync, health => health.GetProperty("active").GetInt32() == 1);

        var idle = await server.IdleAsync();

        Assert.InRange(idle.GetProperty("tokens_decoded").GetInt64(), 1, EndlessModel.ContextWindow / 2);
    }
}
