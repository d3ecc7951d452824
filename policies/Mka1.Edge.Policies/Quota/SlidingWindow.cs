namespace Mka1.Edge.Policies.Quota;

/// <summary>
/// What was taken within a window that slides. Time is cut into buckets of a fortieth of the window, and a bucket counts until
/// the whole of it has left: what is taken never comes free too early, and at most that fortieth late.
/// </summary>
/// <remarks>
/// Exact to the grant would need a record of each; with buckets a counter stays small whatever its limit is. Forty of them
/// divide every window a configuration may name into whole milliseconds. Times are milliseconds on one clock.
/// </remarks>
/// <param name="length">How long the window is.</param>
public sealed class SlidingWindow(TimeSpan length)
{
    /// <summary>Into how many buckets a window is cut.</summary>
    public const int Buckets = 40;

    private readonly long _width = WidthOf(length);

    // Those with something in them, or once, oldest first: most counters are seldom used and hold one or two.
    private Bucket[] _buckets = new Bucket[2];
    private int _first;
    private int _count;

    /// <summary>What counts, as of the last <see cref="Advance"/>.</summary>
    public long Used { get; private set; }

    /// <summary>The bucket that is filled now, as of the last <see cref="Advance"/>.</summary>
    public long Present { get; private set; }

    /// <summary>Whether nothing is left of what was taken.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>When the last of what counts will have left.</summary>
    public long EmptyAt => _count == 0 ? 0 : End(Last.Number);

    private ref Bucket Last => ref _buckets[_first + _count - 1];

    /// <summary>How many milliseconds a bucket is long.</summary>
    public static long WidthOf(TimeSpan window) => Math.Max(1, ((long)Math.Ceiling(window.TotalMilliseconds) + Buckets - 1) / Buckets);

    /// <summary>Lets go of what has left the window. A clock that was set back counts as standing still.</summary>
    public void Advance(long now)
    {
        Present = now / _width;
        if (_count > 0) Present = Math.Max(Present, Last.Number);
        for (; _count > 0 && _buckets[_first].Number < Present - Buckets; _first++, _count--) Used -= _buckets[_first].Amount;
    }

    /// <summary>Takes an amount now.</summary>
    public void Add(long amount)
    {
        if (amount == 0) return;
        if (_count == 0 || Last.Number != Present) Append();
        Last.Amount += amount;
        Used += amount;
    }

    /// <summary>Adds to a bucket of before, or takes from it; when it has left, more counts now, and less no longer matters.</summary>
    public void Correct(long bucket, long difference)
    {
        for (var i = _first + _count - 1; i >= _first && _buckets[i].Number >= bucket; i--)
        {
            if (_buckets[i].Number != bucket) continue;
            difference = Math.Max(difference, -_buckets[i].Amount);
            _buckets[i].Amount += difference;
            Used += difference;
            return;
        }

        if (difference > 0) Add(difference);
    }

    /// <summary>How long until there is room for <paramref name="amount"/>, if nothing more is taken; null when the limit is below it.</summary>
    public TimeSpan? WaitFor(long amount, long limit, long now)
    {
        if (amount > limit) return null;
        var over = amount - (limit - Used);
        var until = now;
        for (var i = _first; over > 0; i++)
        {
            over -= _buckets[i].Amount;
            until = End(_buckets[i].Number);
        }

        return TimeSpan.FromMilliseconds(until - now);
    }

    /// <summary>How long until nothing counts, if nothing more is taken.</summary>
    public TimeSpan ResetAfter(long now)
    {
        for (var i = _first + _count - 1; i >= _first; i--)
        {
            if (_buckets[i].Amount > 0) return TimeSpan.FromMilliseconds(End(_buckets[i].Number) - now);
        }

        return TimeSpan.Zero;
    }

    /// <summary>When the whole of a bucket has left the window.</summary>
    private long End(long bucket) => (bucket + 1 + Buckets) * _width;

    private void Append()
    {
        if (_first + _count == _buckets.Length)
        {
            var room = _count * 2 > _buckets.Length ? new Bucket[_buckets.Length * 2] : _buckets;
            Array.Copy(_buckets, _first, room, 0, _count);
            (_buckets, _first) = (room, 0);
        }

        _buckets[_first + _count++] = new Bucket { Number = Present };
    }

    private struct Bucket
    {
        public long Number;
        public long Amount;
    }
}
