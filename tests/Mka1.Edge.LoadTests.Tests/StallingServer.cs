namespace Mka1.Edge.LoadTests.Tests;

/// <summary>Serves one at a time and at once, but for one request during which it stands still.</summary>
internal sealed class StallingServer(int stallAt, TimeSpan stall) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private int _served;

    public async Task ServeAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_served++ == stallAt) await Task.Delay(stall);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
