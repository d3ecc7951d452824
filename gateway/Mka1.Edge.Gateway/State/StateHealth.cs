using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Redis;

namespace Mka1.Edge.Gateway.State;

/// <summary>Which stores are away now. The gateway serves what it can without them, and says so on its readiness page.</summary>
internal sealed class StateHealth(EdgeConfiguration configuration, Replica replica, IQuotaStore quotas, IServiceProvider services)
{
    /// <summary>Names of the stores that do not answer; empty when all is well.</summary>
    public IReadOnlyList<string> Away()
    {
        var stores = configuration.Current.Config.Stores;
        var away = new List<string>();
        if (stores.Postgres is not null && !replica.StoreAnswers) away.Add("postgres");
        if (stores.Redis is not null && !(services.GetRequiredService<RedisConnection>().IsAvailable && quotas is not FailoverQuotaStore { IsLocal: true })) away.Add("redis");
        return away;
    }
}
