namespace Mka1.Edge.Local.Servers;

/// <summary>A server of this run's own, on a free loopback port.</summary>
/// <param name="Process">Its process.</param>
/// <param name="Address">Host and port.</param>
/// <param name="Configuration">What its clients need to know, secrets included.</param>
internal sealed record PrivateServer(ServerProcess Process, string Address, string Configuration)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts its program again once it has ended: on the same port, with the same settings and what is left of its data.</summary>
    public Func<CancellationToken, Task<PrivateServer>> Again { get; private init; } = _ => throw new InvalidOperationException("It has not started.");

    /// <summary>Starts a server on one free port after the other until it answers.</summary>
    /// <param name="start">Starts it on a port.</param>
    /// <param name="answers">Whether it answers its clients.</param>
    /// <param name="guard">Whom to tell of the process.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LocalRunException">It does not start.</exception>
    public static async Task<PrivateServer> StartAsync(
        Func<int, PrivateServer> start, Func<PrivateServer, CancellationToken, Task<bool>> answers, OrphanGuard guard, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var port = FreePort.Find();
            try
            {
                var server = await StartAsync(() => start(port), answers, guard, cancellation);
                return server with { Again = token => StartAsync(() => start(port), answers, guard, token) };
            }
            catch (LocalRunException) when (tries < FreePort.Tries)
            {
                // Somebody else may have taken the port.
            }
        }
    }

    private static async Task<PrivateServer> StartAsync(
        Func<PrivateServer> start, Func<PrivateServer, CancellationToken, Task<bool>> answers, OrphanGuard guard, CancellationToken cancellation)
    {
        var server = start();
        guard.Watch(server.Process.Id);
        try
        {
            if (await AnswersAsync(server, answers, cancellation)) return server;
        }
        catch
        {
            await server.Process.DisposeAsync();
            throw;
        }

        await server.Process.DisposeAsync();
        throw new LocalRunException($"The server for {server.Address} does not start: {server.Process.LastWords}");
    }

    private static async Task<bool> AnswersAsync(PrivateServer server, Func<PrivateServer, CancellationToken, Task<bool>> answers, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(StartPatience);
        try
        {
            while (!server.Process.HasExited)
            {
                if (await answers(server, patience.Token)) return true;
                await Task.Delay(Interval, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It took too long.
        }

        return false;
    }
}
