using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Resilience.Tests.Support.Wires;

/// <summary>One connection through a <see cref="FaultProxy"/>: two pumps, each of which asks before every piece what the wire does now.</summary>
internal sealed class ProxiedConnection(FaultProxy proxy, Socket client, EndPoint target)
{
    private const int ReadBytes = 16 * 1024;
    private const int PiecesPerSecond = 50;

    private readonly Socket _server = target.AddressFamily == AddressFamily.Unix
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private int _lost;

    /// <summary>Complete when both ends have closed it, or it was ended here.</summary>
    public async Task RunAsync()
    {
        client.NoDelay = true;
        using (client)
        using (_server)
        {
            if (await ConnectAsync()) await Task.WhenAll(PumpAsync(client, _server, Way.ToServer), PumpAsync(_server, client, Way.ToClient));
        }
    }

    /// <summary>Ends it now.</summary>
    public void End(Ending how)
    {
        if (how == Ending.Silence)
        {
            Lose(Way.Both);
            return;
        }

        foreach (var socket in new[] { client, _server })
        {
            try
            {
                if (how == Ending.Reset) socket.LingerState = new LingerOption(true, 0);
                else socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It has ended by itself, or was never connected.
            }

            socket.Dispose();
        }
    }

    /// <returns>False when there is no server to talk to; the client knows by then.</returns>
    private async Task<bool> ConnectAsync()
    {
        await HeldAsync(Way.ToServer);

        // Nobody hears of a connection that leads nowhere: it is silent both ways.
        if (proxy.Wire.On(Way.ToServer) is WireFault.Swallow)
        {
            Lose(Way.Both);
            await DrainAsync(client);
            return false;
        }

        try
        {
            await _server.ConnectAsync(target);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            End(Ending.Reset);
            return false;
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Way way)
    {
        var buffer = new byte[ReadBytes];
        var meter = new Meter();
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None) is var read and > 0) await PassAsync(buffer.AsMemory(0, read), to, way, meter);
            await HeldAsync(way);
            if (proxy.Wire.On(way) is WireFault.Swallow) Lose(way);
            if (!IsLost(way)) to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // An end that is gone is told to the other, unless the wire keeps it to itself.
            if (!IsLost(way)) End(Ending.Reset);
        }
    }

    private async Task PassAsync(Memory<byte> bytes, Socket to, Way way, Meter meter)
    {
        while (bytes.Length > 0 && !IsLost(way))
        {
            var wire = proxy.Wire;
            var passed = meter.Under(wire);
            var piece = bytes;
            switch (wire.On(way))
            {
                case WireFault.Stall:
                    await wire.Over;
                    continue;
                case WireFault.Swallow:
                    Lose(way);
                    return;
                case WireFault.Delay(var by, _):
                    await Task.WhenAny(Task.Delay(by), wire.Over);
                    break;
                case WireFault.Throttle(var bytesPerSecond, _):
                    piece = bytes[..Math.Min(bytes.Length, Math.Max(1, bytesPerSecond / PiecesPerSecond))];
                    await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds((double)piece.Length / bytesPerSecond)), wire.Over);
                    break;
                case WireFault.Slice(var size, _):
                    piece = bytes[..Math.Min(bytes.Length, size)];
                    break;
                case WireFault.Corrupt(var every, _):
                    for (var i = 0; i < piece.Length; i++)
                    {
                        if ((passed + i + 1) % every == 0) piece.Span[i] ^= 1;
                    }

                    break;
                case WireFault.Cut(var after, var how, _) when passed + bytes.Length > after:
                    piece = bytes[..(int)Math.Max(0, after - passed)];
                    if (piece.Length > 0) await SendAsync(piece, to, way, meter);
                    End(how);
                    return;
            }

            await SendAsync(piece, to, way, meter);
            bytes = bytes[piece.Length..];
        }
    }

    private async Task SendAsync(Memory<byte> piece, Socket to, Way way, Meter meter)
    {
        for (var rest = piece; rest.Length > 0;) rest = rest[await to.SendAsync(rest, SocketFlags.None)..];
        meter.Add(piece.Length);
        proxy.Count(way, piece.Length);
    }

    /// <summary>Waits for as long as the wire holds everything back.</summary>
    private async Task HeldAsync(Way way)
    {
        while (proxy.Wire is var wire && wire.On(way) is WireFault.Stall) await wire.Over;
    }

    private static async Task DrainAsync(Socket from)
    {
        var buffer = new byte[ReadBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone.
        }
    }

    private bool IsLost(Way way) => (Volatile.Read(ref _lost) & (int)way) != 0;

    private void Lose(Way way) => Interlocked.Or(ref _lost, (int)way);
}
