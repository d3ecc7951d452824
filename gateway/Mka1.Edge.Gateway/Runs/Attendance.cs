using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Tells whichever replica makes a stream that somebody reads it here: a run goes on for as long as it has a reader, wherever
/// that one is.
/// </summary>
internal sealed class Attendance : IDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;
    private int _saying;

    /// <param name="responseId">The response whose stream is read.</param>
    /// <param name="grace">How long a run goes on without readers.</param>
    /// <param name="signals">The way to the other replica.</param>
    /// <param name="clock">For the pace.</param>
    public Attendance(string responseId, TimeSpan grace, IRunSignals signals, TimeProvider clock)
    {
        // Some of them may get lost, or be late.
        var pace = grace / 4 < Often ? Often : grace / 4 > Seldom ? Seldom : grace / 4;
        _timer = clock.CreateTimer(_ => _ = SayAsync(responseId, signals), null, TimeSpan.Zero, pace);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>One at a time: what a slow Redis has not taken yet need not be said again.</summary>
    private async Task SayAsync(string responseId, IRunSignals signals)
    {
        if (Interlocked.Exchange(ref _saying, 1) != 0) return;
        try
        {
            await signals.AttendAsync(responseId);
        }
        finally
        {
            Volatile.Write(ref _saying, 0);
        }
    }
}
