using System.Numerics;

namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>
/// Durations counted in buckets whose width grows with their value, after HdrHistogram: any value is known to 0.8 %, from one
/// nanosecond up, in a fixed 58 KiB. Safe for any number of threads.
/// </summary>
internal sealed class Histogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private long _count;
    private long _max;

    public long Count => Volatile.Read(ref _count);

    public TimeSpan Max => FromNanoseconds(Volatile.Read(ref _max));

    public void Record(TimeSpan duration)
    {
        var value = Math.Max(0, duration.Ticks) * TimeSpan.NanosecondsPerTick;
        Interlocked.Increment(ref _counts[Index(value)]);
        Interlocked.Increment(ref _count);
        for (var max = Volatile.Read(ref _max); value > max;)
        {
            var seen = Interlocked.CompareExchange(ref _max, value, max);
            if (seen == max) break;
            max = seen;
        }
    }

    /// <summary>The value that so large a part of all values does not exceed.</summary>
    /// <param name="share">From 0 to 1, such as 0.999.</param>
    public TimeSpan Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= wanted) return FromNanoseconds(Math.Min(Highest(i), Volatile.Read(ref _max)));
        }

        return Max;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++) Interlocked.Add(ref _counts[i], Volatile.Read(ref other._counts[i]));
        Interlocked.Add(ref _count, other.Count);
        _max = Math.Max(_max, other._max);
    }

    private static int Index(long value)
    {
        if (value < SubBuckets) return (int)value;
        var exponent = BitOperations.Log2((ulong)value) - SubBits;
        return ((exponent + 1) * SubBuckets) + (int)(value >> exponent) - SubBuckets;
    }

    /// <summary>The largest value that falls into a bucket.</summary>
    private static long Highest(int index)
    {
        if (index < SubBuckets) return index;
        var exponent = (index / SubBuckets) - 1;
        return ((long)((index % SubBuckets) + SubBuckets + 1) << exponent) - 1;
    }

    private static TimeSpan FromNanoseconds(long value) => new(value / TimeSpan.NanosecondsPerTick);
}
