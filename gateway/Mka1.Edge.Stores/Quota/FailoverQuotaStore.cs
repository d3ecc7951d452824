using System.Collections.Concurrent;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Redis;

namespace Mka1.Edge.Stores.Quota;

/// <summary>
/// Quota counters in Redis, and for as long as Redis is away in this process, by this replica's part of each limit. What was granted
/// or came of it meanwhile is told to Redis when it is back.
/// </summary>
/// <remarks>
/// <para>
/// A Redis that falls silent is suspect at first. It may only have got no CPU, and then its counters are not to be gone by without it:
/// a request waits until the silence is certain to be more, 1 s, unless all its counters were watched for a while and have room for
/// many times what they grow by within that time (<see cref="CounterTrend"/>). Those are granted at once, on trust; nothing is ever
/// refused on trust. So neither does a request wait that is far from its limits, nor is a limit passed that is near.
/// </para>
/// <para>
/// Nothing counts twice: what was asked of Redis bears a name, and what is granted here meanwhile is told under the same one, so that
/// whichever comes first stands. Nothing is taken late: see <see cref="RedisQuotaStore"/>.
/// </para>
/// <para>
/// Redis says which replicas there are; while it is away, the last count holds. What had been taken before Redis went is not known
/// here: at worst the limits are granted once more in a window with an outage. A replica that dies before it has told Redis what it
/// granted takes that along.
/// </para>
/// </remarks>
public sealed class FailoverQuotaStore : IQuotaStore, IAsyncDisposable
{
    /// <summary>How many postings wait for Redis when nobody says otherwise.</summary>
    public const int DefaultCapacity = 100_000;

    private const int AtOnce = 64;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>For how long nobody knows what others take: until the silence is certain or over, and everything is told.</summary>
    private static readonly TimeSpan Blind = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica counts after its last word.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>How long Redis must have been back before the counters here are forgotten: one that comes and goes must not grant anew each time.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly RedisQuotaStore _redis;
    private readonly TimeProvider _clock;
    private readonly string _replica = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, LocalShare> _granted = new(StringComparer.Ordinal);
    private readonly CounterTrends _trends;
    private readonly LocalTakes _forGood;
    private readonly QuotaSpool _spool;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _loop;

    private volatile MemoryQuotaStore _local;
    private volatile bool _isLocal;
    private volatile int _replicas = 1;
    private long _takes;
    private long _localDecisions;
    private long _lastLocal;

    /// <param name="redis">Where the counters are kept while it is there.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="capacity">How many postings may wait for Redis. Beyond that the oldest are dropped.</param>
    /// <param name="dropped">Called with the id of each share whose posting is dropped.</param>
    public FailoverQuotaStore(RedisQuotaStore redis, TimeProvider clock, int capacity = DefaultCapacity, Action<string>? dropped = null)
    {
        _redis = redis;
        _clock = clock;
        _local = new MemoryQuotaStore(clock);
        _trends = new CounterTrends(clock);
        _forGood = new LocalTakes(capacity);
        _spool = new QuotaSpool(capacity, dropped);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Whether this replica decides by itself, or still owes Redis what it decided.</summary>
    public bool IsLocal => _isLocal;

    /// <summary>How many decisions were made without Redis.</summary>
    public long LocalDecisions => Interlocked.Read(ref _localDecisions);

    /// <summary>How many replicas there were when Redis was last asked.</summary>
    public int Replicas => _replicas;

    /// <summary>How many postings wait for Redis.</summary>
    public int Spooled => _spool.Count;

    /// <summary>How many postings were dropped for want of room.</summary>
    public long Dropped => _spool.Dropped + _forGood.Lost;

    public async ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_redis.Suspicion.IsCancellationRequested && await TrustAsync(request, null) is { } trusted) return trusted;

        // It takes no longer than it takes to be certain, whether or not its caller is still there: what is taken has to be settled.
        var name = new TakeName(_replica, Interlocked.Increment(ref _takes));
        var asked = _redis.TakeAsync(request, name, CancellationToken.None).AsTask();
        try
        {
            var suspicion = _redis.Suspicion;
            if (!await AnsweredAsync(asked, suspicion) && await TrustAsync(request, name) is { } granted) return granted;
            var decision = await asked;
            _trends.Read(decision);
            return decision;
        }
        catch (StoreUnavailableException e)
        {
            return await TakeLocallyAsync(request, e.NothingDone ? null : name);
        }
    }

    public async ValueTask SettleAsync(string id, QuotaUsage usage, CancellationToken cancellation = default)
    {
        await _local.SettleAsync(id, usage, CancellationToken.None);
        var counters = _granted.TryRemove(id, out var share) ? share.Counters : [];
        await PostOrSpoolAsync(new QuotaPosting(id, usage, counters));
    }

    public async ValueTask ReclaimAsync(string id, QuotaUsage usage, CancellationToken cancellation = default)
    {
        await _local.ReclaimAsync(id, usage, cancellation);
        await PostOrSpoolAsync(new QuotaPosting(id, usage, [], Reclaims: true));
    }

    public async ValueTask RenewAsync(IReadOnlyCollection<string> ids, TimeSpan lease, CancellationToken cancellation = default)
    {
        await _local.RenewAsync(ids, lease, cancellation);
        try
        {
            await _redis.RenewAsync(ids, lease, cancellation);
        }
        catch (StoreUnavailableException)
        {
            // The next renewal takes again what comes free until then.
        }
    }

    public async ValueTask<IReadOnlyList<string>> TakeExpiredAsync(int limit, TimeSpan hold, CancellationToken cancellation = default)
    {
        var here = await _local.TakeExpiredAsync(limit, hold, cancellation);
        if (here.Count == limit) return here;
        try
        {
            return [.. here.Union(await _redis.TakeExpiredAsync(limit - here.Count, hold, cancellation))];
        }
        catch (StoreUnavailableException)
        {
            return here;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested) return;
        await _disposing.CancelAsync();
        await _loop;
        try
        {
            await ReconcileAsync(CancellationToken.None);
            await _redis.BeatAsync(_replica, TimeSpan.Zero);
        }
        catch (StoreUnavailableException)
        {
            // What is owed is lost with the process; the shares come free with their leases.
        }

        _disposing.Dispose();
    }

    /// <returns>False when Redis becomes suspect first.</returns>
    private static async Task<bool> AnsweredAsync(Task call, CancellationToken suspicion)
    {
        AbandonedTask.Observe(call);
        await call.WaitAsync(suspicion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return call.IsCompleted;
    }

    /// <summary>Grants what surely would be granted.</summary>
    /// <returns>Null when that is not sure.</returns>
    private async ValueTask<QuotaDecision?> TrustAsync(QuotaRequest request, TakeName? take) =>
        _trends.TryTrust(request, _replicas, Blind) && await DecideAsync(request, take) is QuotaDecision.Granted granted ? granted : null;

    private async ValueTask<QuotaDecision> TakeLocallyAsync(QuotaRequest request, TakeName? take)
    {
        _isLocal = true;
        var decision = await DecideAsync(request, take);
        if (decision is QuotaDecision.Exhausted) Interlocked.Increment(ref _localDecisions);
        return decision;
    }

    /// <param name="request">What is asked.</param>
    /// <param name="take">What it was called when Redis was asked, which may have taken it or will; null when nothing comes of that.</param>
    private async ValueTask<QuotaDecision> DecideAsync(QuotaRequest request, TakeName? take)
    {
        Interlocked.Exchange(ref _lastLocal, _clock.GetTimestamp());
        var decision = await _local.TakeAsync(LocalLimits.Part(request, _replicas));
        if (decision is QuotaDecision.Granted) Interlocked.Increment(ref _localDecisions);
        if (decision is not QuotaDecision.Granted granted || request.Charges.All(QuotaFit.TakesNothing)) return LocalLimits.Whole(decision, request);
        _isLocal = true;
        if (request.Lease == TimeSpan.Zero) _forGood.Add(request, granted.Units, take);
        else
        {
            while (!_granted.GetOrAdd(request.Id, _ => new LocalShare()).TryAdd(request, granted.Units, take))
            {
                // Redis has taken in all of the former one this moment, and it is about to be removed.
                await Task.Yield();
            }
        }

        return LocalLimits.Whole(decision, request);
    }

    /// <summary>Nobody's answer waits for a Redis that is suspect. Both bear repeating: the posting is told again in any case.</summary>
    private async Task PostOrSpoolAsync(QuotaPosting posting)
    {
        var suspicion = _redis.Suspicion;
        if (!suspicion.IsCancellationRequested)
        {
            var post = TryPostAsync(posting, CancellationToken.None);
            if (await AnsweredAsync(post, suspicion) && await post) return;
        }

        _spool.Add(posting);
        _isLocal = true;
    }

    /// <returns>False when Redis is away and has to be told later.</returns>
    private async Task<bool> TryPostAsync(QuotaPosting posting, CancellationToken cancellation)
    {
        try
        {
            if (posting.Reclaims) await _redis.ReclaimAsync(posting.Id, posting.Usage, cancellation);
            else if (posting.Counters.Count == 0) await _redis.SettleAsync(posting.Id, posting.Usage, cancellation);
            else await _redis.PostAsync(posting.Id, posting.Usage, posting.Counters, cancellation);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    _replicas = Math.Max(1, await _redis.BeatAsync(_replica, Lifetime, _disposing.Token));
                    await ReconcileAsync(_disposing.Token);
                }
                catch (StoreUnavailableException)
                {
                    _isLocal = true;
                }

                await Task.Delay(Beat, _clock, _disposing.Token);
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Tells Redis what it has missed.</summary>
    private async Task ReconcileAsync(CancellationToken cancellation)
    {
        var decisions = LocalDecisions;
        foreach (var granted in _granted)
        {
            while (granted.Value.NextOrClose() is { } batch)
            {
                await _redis.AdoptAsync(batch, cancellation);
                granted.Value.TakenIn(batch);
            }

            _granted.TryRemove(granted);
        }

        while (_forGood.Next() is { } batch)
        {
            await _redis.AdoptAsync(batch, cancellation);
            _forGood.TakenIn();
        }

        while (_spool.Take(AtOnce) is { Count: > 0 } postings)
        {
            var posted = await Task.WhenAll(postings.Select(posting => TryPostAsync(posting, cancellation)));
            for (var i = 0; i < posted.Length; i++)
            {
                if (!posted[i]) _spool.Add(postings[i]);
            }

            if (posted.Contains(false)) throw new StoreUnavailableException(RedisConnection.Name);
        }

        if (decisions != LocalDecisions || _spool.Count > 0) return;
        _isLocal = false;
        if (decisions > 0 && _clock.GetElapsedTime(Interlocked.Read(ref _lastLocal)) > Memory && _local.Counters > 0)
            _local = new MemoryQuotaStore(_clock);
    }
}
