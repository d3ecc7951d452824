using Mka1.Edge.Gateway.Pipeline;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Tells a run to stop before its model server is done, and remembers who said so first.</summary>
internal sealed class RunStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _client;
    private int _reason = (int)RunEnd.Unfinished;

    /// <param name="client">Cancelled when the only client there is has left; none for a run that goes on without clients.</param>
    public RunStop(CancellationToken client = default) =>
        _client = client.UnsafeRegister(static stop => ((RunStop)stop!).Request(RunEnd.ClientDisconnected), this);

    public CancellationToken Token => _source.Token;

    /// <summary>Why; <see cref="RunEnd.Unfinished"/> while nobody has asked.</summary>
    public RunEnd Reason => (RunEnd)Volatile.Read(ref _reason);

    /// <summary>Asks the run to stop. Only the first reason counts.</summary>
    public void Request(RunEnd reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)RunEnd.Unfinished) != (int)RunEnd.Unfinished) return;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended in the same moment.
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _source.Dispose();
    }
}
