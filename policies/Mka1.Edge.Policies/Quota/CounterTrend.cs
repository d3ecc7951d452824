namespace Mka1.Edge.Policies.Quota;

/// <summary>
/// How fast a counter that others use too has grown of late, and so whether it surely has room for a while although nobody can look.
/// </summary>
/// <remarks>Times are milliseconds on one clock. The counter's fastest stretch of half a second in the last ten seconds decides.</remarks>
public sealed class CounterTrend
{
    /// <summary>Readings older than this, in milliseconds, say nothing of now.</summary>
    public const long Lifetime = 10_000;

    private const long Stretch = 500;

    // Callers that were slow to come may come all at once: only who was watched for a while is known at all.
    private const long Watched = 5_000;

    // What is left must last this many times as long as nobody can look: then even many times the pace does not use it up.
    private const int Safety = 10;

    private readonly long[] _growth = new long[Lifetime / Stretch];
    private long _stretch = long.MinValue;
    private long _firstAt;
    private long _used;
    private long _guessed;
    private long _guessedAt;

    /// <summary>When it was last read.</summary>
    public long ReadAt { get; private set; } = long.MinValue;

    /// <summary>Takes in what a reading says.</summary>
    public void Read(long used, long now)
    {
        if (ReadAt == long.MinValue || now - ReadAt > Lifetime)
        {
            Array.Clear(_growth);
            (_firstAt, _stretch, _used) = (now, now / Stretch, used);
        }

        for (var stretch = now / Stretch; _stretch < stretch;) _growth[++_stretch % _growth.Length] = 0;
        _growth[_stretch % _growth.Length] += Math.Max(0, used - _used);
        (_used, ReadAt) = (used, Math.Max(ReadAt, now));
        if (now - _guessedAt > Stretch) _guessed = 0;
    }

    /// <summary>Takes an amount on trust if a counter surely has room for it.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="amount">What is asked.</param>
    /// <param name="replicas">How many may be taking on trust just now, each without knowing of the others.</param>
    /// <param name="blind">For how many milliseconds nobody can look.</param>
    /// <param name="now">The time.</param>
    public bool TryTrust(QuotaCounter counter, long amount, int replicas, long blind, long now)
    {
        if (ReadAt == long.MinValue || now - ReadAt > Lifetime || ReadAt - _firstAt < Watched) return false;
        var left = counter.Limit - _used;

        var grows = (Int128)_growth.Max() * blind / Stretch * Safety;
        if (left - amount < counter.Limit / 2 || left - amount < grows || left / Safety / replicas < _guessed + amount) return false;
        _guessed += amount;
        _guessedAt = now;
        return true;
    }
}
