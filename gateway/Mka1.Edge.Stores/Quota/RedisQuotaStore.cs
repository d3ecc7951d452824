using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Redis;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Quota;

/// <summary>Quota counters in Redis, which all replicas share. All of them lie on one node of a cluster: a request takes of many at once.</summary>
public sealed class RedisQuotaStore : IQuotaStore
{
    /// <summary>Redis serves nobody else while a script runs, so no script is given more ids than this.</summary>
    private const int RenewedAtOnce = 250;

    private const string DefaultPrefix = "mka1:{quota}:";
    private const int FixedArguments = 7;
    private const int ChargeArguments = 6;

    private readonly RedisConnection _redis;
    private readonly string _prefix;
    private readonly Func<long>? _now;

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
    }

    private RedisKey Leases => _prefix + "leases";

    private RedisValue Now => _now is null ? RedisValue.EmptyString : _now();

    public ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, CancellationToken cancellation = default) => TakeAsync(request, "", cancellation);

    /// <inheritdoc cref="TakeAsync(QuotaRequest, CancellationToken)"/>
    /// <param name="request">What is asked.</param>
    /// <param name="attempt">Under which it can be withdrawn by who has not waited for the reply.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    internal async ValueTask<QuotaDecision> TakeAsync(QuotaRequest request, string attempt, CancellationToken cancellation)
    {
        var charges = request.Charges;
        var reply = await TakeAsync(request, "", attempt, cancellation);
        var readings = new QuotaReading[charges.Count];
        for (var i = 0; i < readings.Length; i++)
            readings[i] = new QuotaReading(charges[i].Counter, (long)reply[3 + (2 * i)], TimeSpan.FromMilliseconds((long)reply[4 + (2 * i)]));
        if ((long)reply[0] == 1) return new QuotaDecision.Granted((long)reply[1], readings);
        var wait = (long)reply[2];
        return new QuotaDecision.Exhausted(readings[(int)reply[1]], wait < 0 ? null : TimeSpan.FromMilliseconds(wait), readings);
    }

    public async ValueTask SettleAsync(string id, QuotaUsage usage, CancellationToken cancellation = default) =>
        await EvaluateAsync(QuotaScripts.Settle, [Share(id), Leases], [Now, id, usage.Requests, usage.Tokens, usage.CostNano], cancellation);

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

    /// <summary>Takes in what was granted elsewhere, whether or not there is room. Bears repeating under the same <paramref name="name"/>.</summary>
    /// <exception cref="StoreUnavailableException">It may or may not be taken in; say so again.</exception>
    internal async ValueTask AdoptAsync(QuotaRequest granted, string name, CancellationToken cancellation = default) =>
        await TakeAsync(granted, name, "", cancellation);

    /// <summary>Undoes an attempt that began a share, or will when Redis gets to it. Bears repeating.</summary>
    /// <exception cref="StoreUnavailableException">It may or may not be undone; say so again.</exception>
    internal async ValueTask WithdrawAsync(string id, string attempt, CancellationToken cancellation = default) =>
        await EvaluateAsync(QuotaScripts.Withdraw, [Share(id), Leases], [Now, id, 0, 0, 0, attempt], cancellation);

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
    internal async ValueTask<int> BeatAsync(string replica, TimeSpan lifetime, CancellationToken cancellation = default) =>
        (int)await EvaluateAsync(QuotaScripts.Beat, [_prefix + "replicas"], [Now, replica, MemoryQuotaStore.Milliseconds(lifetime)], cancellation);

    private async Task<RedisResult[]> TakeAsync(QuotaRequest request, string granted, string attempt, CancellationToken cancellation)
    {
        QuotaFit.Check(request);
        var charges = request.Charges;
        var keys = new RedisKey[2 + charges.Count];
        var arguments = new RedisValue[FixedArguments + (ChargeArguments * charges.Count)];
        keys[0] = Share(request.Id);
        keys[1] = Leases;
        arguments[0] = Now;
        arguments[1] = request.Id;
        arguments[2] = request.Lease == TimeSpan.Zero ? 0 : MemoryQuotaStore.Milliseconds(request.Lease);
        arguments[3] = request.Units;
        arguments[4] = request.MinimumUnits;
        arguments[5] = granted;
        arguments[6] = attempt;
        for (var i = 0; i < charges.Count; i++)
        {
            var (counter, @fixed, perUnit, room) = charges[i];
            keys[2 + i] = Counter(counter);
            var at = FixedArguments + (ChargeArguments * i);
            arguments[at] = (int)counter.Dimension;
            arguments[at + 1] = Width(counter);
            arguments[at + 2] = counter.Limit;
            arguments[at + 3] = @fixed;
            arguments[at + 4] = perUnit;
            arguments[at + 5] = room;
        }

        return (RedisResult[])(await EvaluateAsync(QuotaScripts.Take, keys, arguments, cancellation))!;
    }

    private static long Width(QuotaCounter counter) => counter.Window is { } window ? SlidingWindow.WidthOf(window.Length) : 0;

    private RedisKey Share(string id) => $"{_prefix}share:{id}";

    private RedisKey Counter(QuotaCounter counter) => $"{_prefix}count:{counter.Name}";

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellation) =>
        _redis.RunAsync(database => database.ScriptEvaluateAsync(script, keys, arguments), cancellation);
}
