using Mka1.Edge.Stores.Redis;
using StackExchange.Redis;

namespace Mka1.Edge.Stores.Streams;

/// <summary>Stream logs in Redis, which every replica can read.</summary>
/// <param name="redis">Where.</param>
/// <param name="timeToLive">How long a log is kept after its end; half of it at least after any other append.</param>
public sealed class RedisStreamLog(RedisConnection redis, TimeSpan timeToLive) : IStreamLog
{
    private readonly RedisGroup _appends = new(redis);

    /// <summary>A script's numbers are exact up to here; no stream gets that far.</summary>
    private const long HighestNumber = 1L << 52;

    private const int FixedArguments = 5;

    public async ValueTask<AppendResult> AppendAsync(
        string responseId, int fence, IReadOnlyList<StreamEntry> entries, bool last, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count);
        var arguments = new RedisValue[FixedArguments + (2 * entries.Count)];
        arguments[0] = fence;
        arguments[1] = entries[0].Sequence;
        arguments[2] = last ? 1 : 0;
        arguments[3] = (long)Math.Max(1, timeToLive.TotalMilliseconds);
        arguments[4] = Channel(responseId);
        for (var i = 0; i < entries.Count; i++)
        {
            arguments[FixedArguments + (2 * i)] = Bytes(entries[i].Name);
            arguments[FixedArguments + (2 * i) + 1] = Bytes(entries[i].Data);
        }

        var reply = (RedisResult[])(await _appends.RunAsync(StreamLogScripts.Append, Keys(responseId), arguments).WaitAsync(cancellation))!;
        return new AppendResult(StreamLogScripts.Outcomes[(int)reply[0]], (long)reply[1]);
    }

    public async ValueTask<LogSlice> ReadAsync(string responseId, long after, int max, CancellationToken cancellation = default)
    {
        var from = Math.Clamp(after, -1, HighestNumber) + 1;
        var reply = await EvaluateAsync(StreamLogScripts.Read, responseId, [from, max], cancellation);
        var events = (RedisResult[])reply[2]!;
        var entries = new StreamEntry[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            // "n", name, "d", data
            var fields = (RedisResult[])events[i]!;
            entries[i] = new StreamEntry(from + i, (byte[])fields[1]!, (byte[])fields[3]!);
        }

        return new LogSlice(entries, StreamLogScripts.States[(int)reply[0]], (long)reply[1]);
    }

    public async ValueTask DeleteAsync(string responseId, CancellationToken cancellation = default) =>
        await redis.RunAsync(database => database.KeyDeleteAsync(Keys(responseId)), cancellation);

    public IDisposable Watch(string responseId, Action changed) => redis.Subscribe(Channel(responseId), _ => changed());

    private async Task<RedisResult[]> EvaluateAsync(string script, string responseId, RedisValue[] arguments, CancellationToken cancellation) =>
        (RedisResult[])(await redis.RunAsync(database => database.ScriptEvaluateAsync(script, Keys(responseId), arguments), cancellation))!;

    /// <summary>Both on the same node of a cluster: the part in braces decides.</summary>
    private static RedisKey[] Keys(string responseId) => [$"mka1:log:{{{responseId}}}", $"mka1:log:{{{responseId}}}:meta"];

    private static string Channel(string responseId) => $"mka1:log:{responseId}";

    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();
}
