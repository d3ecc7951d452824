namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Cuts off clients that leave their answer unread: behind them a model server waits, and a slot of their key's concurrency.</summary>
internal static class StallGuard
{
    /// <summary>Waits for a write to find room on the client's side.</summary>
    /// <exception cref="ClientStalledException">The client read nothing for <paramref name="limit"/>; its connection has been cut.</exception>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public static async Task WaitAsync(HttpContext http, Task write, TimeSpan limit, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        try
        {
            await write.WaitAsync(limit, clock, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            http.Abort();
            throw new ClientStalledException();
        }
        finally
        {
            http.Edge().Waits.Add(clock.GetElapsedTime(began));
        }
    }
}
