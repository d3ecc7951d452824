using Mka1.Edge.Stores.Redis;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Streams;

/// <summary>Word between replicas on Redis channels. While Redis is away, it still gets round within this one.</summary>
public sealed class RedisRunSignals : IRunSignals, IDisposable
{
    private const string Cancels = "mka1:cancel";
    private const string Attendances = "mka1:attend";

    private readonly MemoryRunSignals _here = new();
    private readonly RedisConnection _redis;
    private readonly IDisposable[] _subscriptions;

    public RedisRunSignals(RedisConnection redis)
    {
        _redis = redis;
        _subscriptions = [redis.Subscribe(Cancels, id => _here.RaiseCancel(id!)), redis.Subscribe(Attendances, id => _here.RaiseAttend(id!))];
    }

    public async ValueTask CancelAsync(string responseId)
    {
        if (!await TryPublishAsync(Cancels, responseId)) _here.RaiseCancel(responseId);
    }

    public IDisposable OnCancel(Action<string> cancelled) => _here.OnCancel(cancelled);

    public async ValueTask AttendAsync(string responseId)
    {
        if (!await TryPublishAsync(Attendances, responseId)) _here.RaiseAttend(responseId);
    }

    public IDisposable OnAttend(Action<string> attended) => _here.OnAttend(attended);

    public void Dispose()
    {
        foreach (var subscription in _subscriptions) subscription.Dispose();
    }

    private async ValueTask<bool> TryPublishAsync(string channel, string responseId)
    {
        try
        {
            await _redis.RunAsync(database => database.PublishAsync(new(channel, RedisChannel.PatternMode.Literal), responseId));
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
