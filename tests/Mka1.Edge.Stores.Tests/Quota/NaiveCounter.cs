using Mka1.Edge.Stores.Redis;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>What the store is measured against: it asks, then counts, in two steps.</summary>
internal sealed class NaiveCounter(RedisConnection redis, string key, long limit)
{
    public async Task<bool> TryTakeAsync()
    {
        var used = (long)await redis.RunAsync(database => database.StringGetAsync(key));
        if (used >= limit) return false;
        await redis.RunAsync(database => database.StringIncrementAsync(key));
        return true;
    }
}
