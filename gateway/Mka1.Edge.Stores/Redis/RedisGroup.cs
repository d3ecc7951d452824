using StackExchange.Redis;

namespace Mka1.Edge.Stores.Redis;

/// <summary>
/// Sends scripts in groups: whatever waits when the group before has been answered goes together, with no delay added. Alone
/// when nothing else waits; under load many callers share one wait for Redis and one write to its socket. Each script still
/// runs by itself, on the node that has its keys.
/// </summary>
internal sealed class RedisGroup(RedisConnection redis)
{
    private const int MaxGroup = 256;

    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private bool _running;

    /// <summary>Runs a script; it may be sent again, so it must bear repeating.</summary>
    /// <exception cref="StoreUnavailableException">Redis cannot be reached, does not answer in time, or cannot serve now.</exception>
    public Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var waiting = new Waiting(script, keys, arguments);
        lock (_gate)
        {
            _waiting.Add(waiting);
            if (_running) return waiting.Done.Task;
            _running = true;
        }

        _ = WorkAsync();
        return waiting.Done.Task;
    }

    private async Task WorkAsync()
    {
        while (Take() is { } group) await SendAsync(group);
    }

    private List<Waiting>? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _running = false;
                return null;
            }

            var group = _waiting;
            _waiting = [];
            if (group.Count <= MaxGroup) return group;
            _waiting.AddRange(group[MaxGroup..]);
            group.RemoveRange(MaxGroup, group.Count - MaxGroup);
            return group;
        }
    }

    private async Task SendAsync(List<Waiting> group)
    {
        try
        {
            var replies = await redis.RunAsync(
                database => Task.WhenAll(group.Select(waiting => database.ScriptEvaluateAsync(waiting.Script, waiting.Keys, waiting.Arguments))));
            for (var i = 0; i < replies.Length; i++) group[i].Done.SetResult(replies[i]);
        }
        catch (Exception e) when (e is StoreUnavailableException || group.Count == 1)
        {
            foreach (var waiting in group) waiting.Done.SetException(e);
        }
        catch (Exception)
        {
            // One of them is bad; alone it fails alone.
            foreach (var waiting in group) await SendAsync([waiting]);
        }
    }

    private sealed record Waiting(string Script, RedisKey[] Keys, RedisValue[] Arguments)
    {
        public TaskCompletionSource<RedisResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
