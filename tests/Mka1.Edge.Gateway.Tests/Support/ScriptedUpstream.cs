using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>
/// A model server that plays a script. It speaks HTTP/1.1 over plain sockets, so that a script decides every byte, where the
/// bytes stop and how the connection ends, and so that a test sees the request exactly as it came.
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<UpstreamCall> _calls = new();
    private readonly ConcurrentQueue<UpstreamCall> _probes = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _accepting;

    public ScriptedUpstream()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/";

    /// <summary>What it does with each request.</summary>
    public Func<UpstreamCall, Task> Script { get; set; } = Scripts.Completed("Hello");

    /// <summary>What it does when it is asked how it is; these requests are no calls.</summary>
    public Func<UpstreamCall, Task> Health { get; set; } = Scripts.Json("{}");

    /// <summary>Every time it was asked how it is.</summary>
    public IReadOnlyList<UpstreamCall> Probes => [.. _probes];

    /// <summary>Every request so far, in the order in which they came.</summary>
    public IReadOnlyList<UpstreamCall> Calls => [.. _calls];

    /// <summary>Waits for the next request that nobody has waited for yet.</summary>
    public async Task<UpstreamCall> NextCallAsync()
    {
        await _arrived.WaitAsync().WaitAsync(Patience.Long);
        return _calls.Last();
    }

    /// <summary>Forgets what came, and plays <paramref name="script"/> from now on.</summary>
    public void Play(Func<UpstreamCall, Task> script)
    {
        _calls.Clear();
        while (_arrived.Wait(0)) { }

        Script = script;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var socket in _open.Keys) socket.Dispose();
        await _accepting;
        _arrived.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _open.TryAdd(socket, 0);
        socket.NoDelay = true;
        try
        {
            byte? first = null;
            while (await UpstreamCall.ReadAsync(socket, first) is { } call)
            {
                if (call.Head.StartsWith("GET ", StringComparison.Ordinal))
                {
                    _probes.Enqueue(call);
                    await Health(call);
                }
                else
                {
                    _calls.Enqueue(call);
                    _arrived.Release();
                    await Script(call);
                }

                if (!call.KeepAlive || await call.NextByteAsync() is not { } next) break;
                first = next;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The gateway hung up, or the test is over.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }
}
