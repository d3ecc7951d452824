using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>Who listens to which channel in this process: one subscription a channel, however many listen, moved to each new connection.</summary>
internal sealed class RedisSubscriptions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action<RedisValue>> _listeners = new(StringComparer.Ordinal);
    private ISubscriber? _subscriber;

    /// <summary>Subscribes all there is on a connection; the one before it is given up.</summary>
    public void Attach(ISubscriber subscriber)
    {
        lock (_gate)
        {
            _subscriber = subscriber;
            foreach (var channel in _listeners.Keys) Subscribe(channel);
        }
    }

    /// <summary>Listens until disposed.</summary>
    public IDisposable Add(string channel, Action<RedisValue> received)
    {
        lock (_gate)
        {
            if (_listeners.TryGetValue(channel, out var others)) _listeners[channel] = others + received;
            else
            {
                _listeners[channel] = received;
                Subscribe(channel);
            }
        }

        return new Registration(() => Remove(channel, received));
    }

    private void Remove(string channel, Action<RedisValue> received)
    {
        lock (_gate)
        {
            if (_listeners[channel] - received is { } others) _listeners[channel] = others;
            else
            {
                _listeners.Remove(channel);
                var subscriber = _subscriber;
                if (subscriber is not null) Send(() => subscriber.UnsubscribeAsync(Literal(channel), Deliver));
            }
        }
    }

    private void Deliver(RedisChannel channel, RedisValue message)
    {
        Action<RedisValue>? listeners;
        lock (_gate) _listeners.TryGetValue((string?)channel ?? "", out listeners);
        listeners?.Invoke(message);
    }

    private void Subscribe(string channel)
    {
        var subscriber = _subscriber;
        if (subscriber is not null) Send(() => subscriber.SubscribeAsync(Literal(channel), Deliver));
    }

    private static RedisChannel Literal(string channel) => new(channel, RedisChannel.PatternMode.Literal);

    /// <summary>The driver remembers what was asked of it and asks again after each reconnect, so that a failure here needs no answer.</summary>
    private static void Send(Func<Task> command)
    {
        try
        {
            AbandonedTask.Observe(command());
        }
        catch (Exception e) when (e is RedisException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
