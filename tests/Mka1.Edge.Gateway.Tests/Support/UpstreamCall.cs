using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>One request at a <see cref="ScriptedUpstream"/>: what came, byte for byte, and the means to answer it.</summary>
public sealed class UpstreamCall
{
    private readonly Socket _socket;
    private readonly byte[] _next = new byte[1];
    private readonly Task<int> _watch;
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private UpstreamCall(Socket socket, string head, byte[] body)
    {
        _socket = socket;
        Head = head;
        Body = body;
        Headers = head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).ToLookup(
            pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.OrdinalIgnoreCase);
        _watch = WatchAsync();
    }

    /// <summary>Request line and header lines as they came, without the blank line.</summary>
    public string Head { get; }

    public byte[] Body { get; }

    public ILookup<string, string> Headers { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Whether the connection may carry another request when the script is over.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>Completes when the gateway has closed the connection while the script was running or after it.</summary>
    public Task Aborted => _aborted.Task;

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Sends text as it is.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends status and headers of a chunked answer.</summary>
    public Task StartAsync(string contentType = "text/event-stream", int status = 200) =>
        SendAsync($"HTTP/1.1 {status} OK\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n");

    /// <summary>Sends one chunk of a chunked answer.</summary>
    public Task ChunkAsync(string text) => SendAsync(Wire.Chunk(text));

    /// <summary>Ends a chunked answer properly.</summary>
    public async Task EndAsync()
    {
        await SendAsync("0\r\n\r\n");
        KeepAlive = true;
    }

    /// <summary>Closes the sending side: the gateway sees an orderly end of the connection.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Does nothing until the gateway hangs up.</summary>
    public Task HoldAsync() => Aborted;

    internal async Task<byte?> NextByteAsync() => await _watch == 1 ? _next[0] : null;

    internal static async Task<UpstreamCall?> ReadAsync(Socket socket, byte? first)
    {
        var received = new List<byte>();
        if (first is { } known) received.Add(known);
        var buffer = new byte[16 * 1024];
        var headEnd = -1;
        var length = 0;
        while (headEnd < 0 || received.Count < headEnd + 4 + length)
        {
            var read = await socket.ReceiveAsync(buffer);
            if (read == 0) return null;
            received.AddRange(buffer.AsSpan(0, read));
            if (headEnd >= 0) continue;
            headEnd = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(received).IndexOf("\r\n\r\n"u8);
            if (headEnd >= 0) length = ContentLength(Encoding.Latin1.GetString([.. received.Take(headEnd)]));
        }

        var head = Encoding.Latin1.GetString([.. received.Take(headEnd)]);
        return new UpstreamCall(socket, head, [.. received.Skip(headEnd + 4)]);
    }

    private static int ContentLength(string head)
    {
        var line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line.AsSpan("Content-Length: ".Length), CultureInfo.InvariantCulture);
    }

    private async Task<int> WatchAsync()
    {
        try
        {
            var read = await _socket.ReceiveAsync(_next);
            if (read == 0) _aborted.TrySetResult();
            return read;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _aborted.TrySetResult();
            return 0;
        }
    }
}
