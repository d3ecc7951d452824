namespace Mka1.Edge.Stores.Quota;

/// <summary>What the time is at Redis, told by the times its replies carry.</summary>
/// <remarks>
/// A reply says that Redis's clock is ahead of this one by no less than its time minus that of its arrival, and by no more than its
/// time minus that of the request. The highest of the lower bounds of late is the estimate, so that Redis's clock is rather ahead of
/// what is told here: deadlines come early, never late. A reply that contradicts it tells of a clock that was set back.
/// </remarks>
/// <param name="clock">The clock here.</param>
internal sealed class RemoteClock(TimeProvider clock)
{
    /// <summary>Bounds are forgotten after one to two of these: clocks drift.</summary>
    private static readonly TimeSpan Generation = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private long _ahead = long.MinValue;
    private long _aheadBefore = long.MinValue;
    private long _generation;

    /// <summary>Milliseconds here.</summary>
    public long Here => (long)clock.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>The time at Redis after so many milliseconds from now, or a little before that; 0 when nothing is known of its clock.</summary>
    public long After(double milliseconds)
    {
        lock (_gate)
        {
            var ahead = Math.Max(_ahead, _aheadBefore);
            return ahead == long.MinValue ? 0 : Here + ahead + (long)milliseconds;
        }
    }

    /// <summary>Takes in a reply.</summary>
    /// <param name="remote">The time it tells.</param>
    /// <param name="sent">When, here, its request was sent.</param>
    public void Heard(long remote, long sent)
    {
        lock (_gate)
        {
            var now = Here;
            if (now - _generation > Generation.TotalMilliseconds) (_aheadBefore, _ahead, _generation) = (_ahead, long.MinValue, now);

            // Both count whole milliseconds.
            if (Math.Max(_ahead, _aheadBefore) > remote - sent + 1) _ahead = _aheadBefore = long.MinValue;
            _ahead = Math.Max(_ahead, remote - now - 1);
        }
    }
}
