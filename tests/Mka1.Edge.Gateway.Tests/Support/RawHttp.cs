using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A client that sends bytes as they are, for requests that no decent client would send.</summary>
public sealed class RawHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private RawHttp()
    {
    }

    public static async Task<RawHttp> ConnectAsync(int port, int? receiveBuffer = null)
    {
        var raw = new RawHttp();
        if (receiveBuffer is { } size) raw._socket.ReceiveBufferSize = size;
        await raw._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)).Soon();
        return raw;
    }

    /// <summary>Sends <paramref name="request"/> on a connection of its own and reads until the gateway closes it.</summary>
    public static async Task<string> ExchangeAsync(int port, string request)
    {
        using var raw = await ConnectAsync(port);
        await raw.SendAsync(request);
        return await raw.ReadToEndAsync();
    }

    /// <summary>Reads an answer with a Content-Length, or without a body, out of its text.</summary>
    public static HttpResponseMessage Parse(string raw)
    {
        var parts = raw.Split("\r\n\r\n", 2);
        var lines = parts[0].Split("\r\n");
        var answer = new HttpResponseMessage((HttpStatusCode)int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture))
        {
            Content = new ByteArrayContent(Encoding.Latin1.GetBytes(parts.Length > 1 ? parts[1] : "")),
        };
        foreach (var pair in lines.Skip(1).Select(line => line.Split(": ", 2)))
        {
            if (!answer.Headers.TryAddWithoutValidation(pair[0], pair[1])) answer.Content.Headers.TryAddWithoutValidation(pair[0], pair[1]);
        }

        return answer;
    }

    public async Task SendAsync(string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(text);
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Everything until the gateway closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadAsync() is { Length: > 0 } more) text.Append(more);
        return text.ToString();
    }

    /// <summary>Reads until <paramref name="mark"/> has come; fails when the connection closes before.</summary>
    public async Task<string> ReadUntilAsync(string mark)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(mark, StringComparison.Ordinal))
        {
            var more = await ReadAsync();
            Assert.True(more.Length > 0, $"The connection closed before '{mark}' came: {text}");
            text.Append(more);
        }

        return text.ToString();
    }

    /// <summary>Closes the sending side only.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var read = await _socket.ReceiveAsync(buffer).Soon();
            return Encoding.Latin1.GetString(buffer, 0, read);
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
