using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Redis;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Quota;

/// <summary>Quota counters in Redis, which all replicas share. All of them lie on one node of a cluster: a request takes of many at once.</summary>
/// <remarks>
/// A take says up to which time on Redis's clock anybody waits for it; a Redis that gets to it later does nothing and says so. What can
/// go wrong is that it was made in time and the connection broke before the reply: then it counts although nobody was granted it,
/// for good or until its lease ends. So many as were under way can be affected, and never to the limit's cost.
/// </remarks>
public sealed class RedisQuotaStore : IQuotaStore
{
    /// <summary>Redis serves nobody else while a script runs, so no script is given more ids than this.</summary>
    private const int RenewedAtOnce = 250;

    private const string DefaultPrefix = "mka1:{quota}:";
    private const int FixedKeys = 3;
    private const int FixedArguments = 9;
    private const int ChargeArguments = 6;
    private const int TooLate = -1;

    private readonly RedisConnection _redis;
    private readonly string _prefix;
    private readonly Func<long>? _now;
    private readonly RemoteClock _there;

    /// <param name="redis">Where.</param>
    public RedisQuotaStore(RedisConnection redis)
        : this(redis, DefaultPrefix, null)
    {
    }

    /// <param name="redis">Where.</param>
    /// <param name="prefix">What all keys begin with.</param>
    /// <param name="now">Tells the time in milliseconds in the place of Redis's clock.</param>
    internal RedisQuotaStore(RedisConnection redis, string prefix, Func<long>? now)
    {
        _redis = redis;
        _prefix = prefix;
        _now = now;
        _there = new RemoteClock(redis.Clock);
    }

    private RedisKey Leases => _prefix + "leases";

    private RedisValue Now => _now is null ? RedisValue.EmptyString : _now();

    /// <inheritdoc cref="RedisConnection.Suspicion"/>
    internal CancellationToken Suspicion => _redis.Suspicion;

    public ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, CancellationToken cancellation = default) => TakeAsync(request, null, cancellation);

    /// <inheritdoc cref="TakeAsync(QuotaRequest, CancellationToken)"/>
    /// <param name="request">What is asked.</param>
    /// <param name="take">What it is called, if it may be taken in elsewhere meanwhile.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    internal async ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, TakeName? take, CancellationToken cancellation)
    {
        if (request.Charges.All(QuotaFit.TakesNothing)) take = null;
        var began = _redis.Clock.GetTimestamp();
        for (var tries = 1; _redis.Clock.GetElapsedTime(began) < _redis.Patience; tries++)
        {
            // Too late: nothing is known yet of Redis's clock, or it was changed, or Redis is slow. It answers, so it is asked again.
            var reply = await TakeAsync(request, take?.ToString() ?? "", take, tries, cancellation);
            if ((long)reply[0] != TooLate) return Decision(request, reply);
        }

        throw new StoreUnavailableException(RedisConnection.Name) { NothingDone = true };
    }

    public ValueTask SettleAsync(string id, QuotaUsage usage, CancellationToken cancellation = default) => SettleAsync(id, usage, false, cancellation);

    public ValueTask ReclaimAsync(string id, QuotaUsage usage, CancellationToken cancellation = default) => SettleAsync(id, usage, true, cancellation);

    public async ValueTask RenewAsync(IReadOnlyCollection<string> ids, TimeSpan lease, CancellationToken cancellation = default)
    {
        foreach (var some in ids.Chunk(RenewedAtOnce))
        {
            await EvaluateAsync(
                QuotaScripts.Renew,
                [Leases, .. some.Select(Share)],
                [Now, MemoryQuotaStore.Milliseconds(lease), .. some.Select(id => (RedisValue)id)],
                cancellation);
        }
    }

    public async ValueTask<IReadOnlyList<string>> TakeExpiredAsync(int limit, TimeSpan hold, CancellationToken cancellation = default)
    {
        var reply = await EvaluateAsync(
            QuotaScripts.TakeExpired, [Leases], [Now, limit, MemoryQuotaStore.Milliseconds(hold), _prefix + "share:"], cancellation);
        return (string[])reply!;
    }

    /// <summary>Takes in what was granted elsewhere, whether or not there is room. Bears repeating.</summary>
    /// <exception cref="StoreUnavailableException">It may or may not be taken in; say so again.</exception>
    internal async ValueTask AdoptAsync(LocalBatch batch, CancellationToken cancellation = default) =>
        await TakeAsync(batch.Granted, batch.Name, batch.Take, null, cancellation);

    /// <summary>
    /// Counts what a request has come to that Redis may not know of: its share is settled, and counters of which it holds nothing
    /// are charged whether or not they have room. Bears repeating.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It may or may not be posted; say so again.</exception>
    internal async ValueTask PostAsync(string id, QuotaUsage usage, IReadOnlyCollection<QuotaCounter> counters, CancellationToken cancellation = default) =>
        await EvaluateAsync(
            QuotaScripts.Post,
            [Share(id), Leases, .. counters.Select(Counter)],
            [Now, id, usage.Requests, usage.Tokens, usage.CostNano, .. counters.SelectMany(c => new RedisValue[] { (int)c.Dimension, Width(c) })],
            cancellation);

    /// <summary>Counts a replica among the living for a while, and says how many there are.</summary>
    /// <exception cref="StoreUnavailableException">Nothing is known.</exception>
    internal async ValueTask<int> BeatAsync(string replica, TimeSpan lifetime, CancellationToken cancellation = default)
    {
        var sent = 0L;
        var reply = (RedisResult[])(await _redis.RunAsync(
            database =>
            {
                sent = _there.Here;
                return database.ScriptEvaluateAsync(QuotaScripts.Beat, [_prefix + "replicas"], [Now, replica, MemoryQuotaStore.Milliseconds(lifetime)]);
            },
            cancellation))!;
        _there.Heard((long)reply[1], sent);
        return (int)reply[0];
    }

    private static QuotaDecision Decision(QuotaRequest request, RedisResult[] reply)
    {
        var charges = request.Charges;
        var readings = new QuotaReading[charges.Count];
        for (var i = 0; i < readings.Length; i++)
            readings[i] = new QuotaReading(charges[i].Counter, (long)reply[4 + (2 * i)], TimeSpan.FromMilliseconds((long)reply[5 + (2 * i)]));
        if ((long)reply[0] == 1) return new QuotaDecision.Granted((long)reply[1], readings);
        var wait = (long)reply[2];
        return new QuotaDecision.Exhausted(readings[(int)reply[1]], wait < 0 ? null : TimeSpan.FromMilliseconds(wait), readings);
    }

    private async ValueTask SettleAsync(string id, QuotaUsage usage, bool more, CancellationToken cancellation) => await EvaluateAsync(
        QuotaScripts.Settle, [Share(id), Leases], [Now, id, usage.Requests, usage.Tokens, usage.CostNano, more ? 1 : 0], cancellation);

    /// <param name="request">What is asked, or was granted elsewhere.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="take">The same as a take that Redis was or is asked for.</param>
    /// <param name="tries">How often it has been asked, this time included; null for what was granted elsewhere.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    private async Task<RedisResult[]> TakeAsync(QuotaRequest request, string name, TakeName? take, int? tries, CancellationToken cancellation)
    {
        QuotaFit.Check(request);
        var charges = request.Charges;
        var keys = new RedisKey[FixedKeys + charges.Count];
        var arguments = new RedisValue[FixedArguments + (ChargeArguments * charges.Count)];
        keys[0] = Share(request.Id);
        keys[1] = Leases;
        keys[2] = $"{_prefix}taken:{take?.Replica}";
        arguments[0] = Now;
        arguments[1] = request.Id;
        arguments[2] = request.Lease == TimeSpan.Zero ? 0 : MemoryQuotaStore.Milliseconds(request.Lease);
        arguments[3] = request.Units;
        arguments[4] = request.MinimumUnits;
        arguments[5] = name;
        arguments[6] = take is { } slotted && request.Lease == TimeSpan.Zero ? slotted.Slot : RedisValue.EmptyString;
        arguments[7] = tries is null ? 1 : 0;
        arguments[8] = RedisValue.EmptyString;
        for (var i = 0; i < charges.Count; i++)
        {
            var (counter, @fixed, perUnit, room) = charges[i];
            keys[FixedKeys + i] = Counter(counter);
            var at = FixedArguments + (ChargeArguments * i);
            arguments[at] = (int)counter.Dimension;
            arguments[at + 1] = Width(counter);
            arguments[at + 2] = counter.Limit;
            arguments[at + 3] = @fixed;
            arguments[at + 4] = perUnit;
            arguments[at + 5] = room;
        }

        var sent = 0L;
        var reply = (RedisResult[])(await _redis.RunAsync(
            database =>
            {
                sent = _there.Here;
                if (tries is { } count) arguments[8] = _there.After(_redis.Remaining.TotalMilliseconds * count);
                return database.ScriptEvaluateAsync(QuotaScripts.Take, keys, arguments);
            },
            cancellation))!;
        _there.Heard((long)reply[3], sent);
        return reply;
    }

    private static long Width(QuotaCounter counter) => counter.Window is { } window ? SlidingWindow.WidthOf(window.Length) : 0;

    private RedisKey Share(string id) => $"{_prefix}share:{id}";

    private RedisKey Counter(QuotaCounter counter) => $"{_prefix}count:{counter.Name}";

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        _redis.RunAsync(database => database.ScriptEvaluateAsync(script, keys, arguments), cancellation);
}
