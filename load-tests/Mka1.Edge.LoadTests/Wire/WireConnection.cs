using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.LoadTests.Wire;

/// <summary>One connection that has one request at a time, and as little around it as can be.</summary>
internal sealed class WireConnection(IPEndPoint server) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly AnswerParser _parser = new();
    private Socket? _socket;

    /// <summary>Sends a request and reads its answer to the end. A broken connection is an answer with status 0.</summary>
    public async ValueTask<WireAnswer> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        var used = _socket is not null;
        var answer = await TryAsync(request);

        // A connection that was kept may have been given up by the server; whoever keeps connections tries such a request again.
        if (answer is null && used) answer = await TryAsync(request);
        return answer ?? default;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    /// <returns>The answer; null when the connection ended before any of it came.</returns>
    private async ValueTask<WireAnswer?> TryAsync(ReadOnlyMemory<byte> request)
    {
        _parser.Reset();
        try
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(server);
            }

            for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request[sent..]);
            while (!_parser.Complete)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory());
                if (read == 0)
                {
                    Dispose();
                    return _parser.Begun ? default(WireAnswer) : null;
                }

                _parser.Read(_buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Dispose();
            return _parser.Begun ? default(WireAnswer) : null;
        }

        if (!_parser.KeepsAlive) Dispose();
        return _parser.Answer;
    }
}
