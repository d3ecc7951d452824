using System.Net;
using System.Net.Sockets;

namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>A wire that can be cut without either end noticing: what is sent then goes nowhere, and for ever on the connections of that time.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposing = new();
    private readonly int _target;
    private volatile CancellationTokenSource _cut = new();

    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Whether new connections lead anywhere. Those from before are lost at the first cut.</summary>
    public bool IsCut { get; private set; }

    public void Cut()
    {
        IsCut = true;
        _cut.Cancel();
    }

    public void Mend()
    {
        _cut = new CancellationTokenSource();
        IsCut = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_disposing.Token), IsCut, _cut.Token);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, bool lost, CancellationToken cut)
    {
        using (client)
        {
            try
            {
                if (!lost) await RelayAsync(client, cut);
                await Task.Delay(Timeout.Infinite, _disposing.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One end has closed, or the test is over.
            }
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cut)
    {
        using var target = new TcpClient();
        await target.ConnectAsync(IPAddress.Loopback, _target, _disposing.Token);
        var (near, far) = (client.GetStream(), target.GetStream());
        try
        {
            await await Task.WhenAny(near.CopyToAsync(far, cut), far.CopyToAsync(near, cut));
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            return;
        }

        client.Close();
    }
}
