namespace Mka1.Edge.Policies.Balancing;

/// <summary>
/// How many requests of a pool may be sent a second time: a share of those of the last ten seconds, and a few at any rate. Without
/// it, a pool that fails would get a multiple of its load just then. Safe to use from many threads.
/// </summary>
public sealed class RetryBudget
{
    private const int Seconds = 10;

    private readonly Lock _gate = new();
    private readonly (long Second, int Requests, int Retries)[] _ring = new (long, int, int)[Seconds];

    /// <summary>A request is sent for the first time.</summary>
    public void Requested(TimeSpan now)
    {
        lock (_gate) At(now).Requests++;
    }

    /// <summary>Takes one retry out of the budget.</summary>
    /// <param name="now">The time, of one monotonic clock.</param>
    /// <param name="share">Retries for each request, 0 to 1.</param>
    /// <param name="minimumPerSecond">Retries a second that are always allowed.</param>
    /// <returns>False when the budget is used up.</returns>
    public bool TryRetry(TimeSpan now, double share, int minimumPerSecond)
    {
        lock (_gate)
        {
            var (requests, retries) = Sum(now);
            if (retries + 1 > (share * requests) + (Seconds * (double)minimumPerSecond)) return false;
            At(now).Retries++;
            return true;
        }
    }

    /// <summary>Requests and retries of the last ten seconds.</summary>
    public (long Requests, long Retries) Used(TimeSpan now)
    {
        lock (_gate) return Sum(now);
    }

    private (long Requests, long Retries) Sum(TimeSpan now)
    {
        var oldest = (long)now.TotalSeconds - Seconds + 1;
        var (requests, retries) = (0L, 0L);
        foreach (var second in _ring)
        {
            if (second.Second < oldest) continue;
            requests += second.Requests;
            retries += second.Retries;
        }

        return (requests, retries);
    }

    private ref (long Second, int Requests, int Retries) At(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        ref var slot = ref _ring[second % Seconds];
        if (slot.Second != second) slot = (second, 0, 0);
        return ref slot;
    }
}
