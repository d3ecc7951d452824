namespace Mka1.Edge.Stores.Streams;

/// <summary>
/// What Redis does with a stream log, each step in one piece. A log is a stream with the ids <c>1-0</c>, <c>1-1</c>, … and
/// a hash with the number of its next event, its fence and whether it has ended. If Redis drops one of the two, the log is lost.
/// </summary>
internal static class StreamLogScripts
{
    /// <summary>Says which outcome a script's first number stands for.</summary>
    public static readonly AppendOutcome[] Outcomes = [AppendOutcome.Appended, AppendOutcome.Gap, AppendOutcome.Fenced];

    /// <summary>Says which state a script's first number stands for.</summary>
    public static readonly LogState[] States = [LogState.Missing, LogState.Open, LogState.Ended];

    /// <summary>
    /// Keys: stream, hash. Arguments: fence, first number, last (1 or 0), time to live in milliseconds, channel, then name and
    /// data of each event. Result: outcome, next. While a stream goes on its time to live is renewed when half of it is over.
    /// </summary>
    public const string Append =
        """
        local meta = redis.call('HMGET', KEYS[2], 'next', 'fence', 'ended')
        local next = tonumber(meta[1] or '0')
        local held, fence = tonumber(meta[2] or ARGV[1]), tonumber(ARGV[1])
        local first, count = tonumber(ARGV[2]), (#ARGV - 5) / 2
        if held > fence then return {2, next} end
        if meta[3] == '1' then
          if held ~= fence or first + count > next then return {2, next} end
          return {0, next}
        end
        if next > 0 and redis.call('EXISTS', KEYS[1]) == 0 then next = 0 end
        if first > next then return {1, next} end
        if next == 0 then redis.call('DEL', KEYS[1]) end
        local before = next
        for i = next - first, count - 1 do
          redis.call('XADD', KEYS[1], string.format('1-%.0f', first + i), 'n', ARGV[6 + 2 * i], 'd', ARGV[7 + 2 * i])
          next = first + i + 1
        end
        redis.call('HSET', KEYS[2], 'next', string.format('%.0f', next), 'fence', ARGV[1], 'ended', ARGV[3])
        if ARGV[3] == '1' or before == 0 or redis.call('PTTL', KEYS[2]) < tonumber(ARGV[4]) / 2 then
          redis.call('PEXPIRE', KEYS[1], ARGV[4])
          redis.call('PEXPIRE', KEYS[2], ARGV[4])
        end
        if next > before or ARGV[3] == '1' then redis.call('PUBLISH', ARGV[5], string.format('%.0f', next)) end
        return {0, next}
        """;

    /// <summary>Keys: stream, hash. Arguments: first number wanted, how many at most. Result: state, next, events.</summary>
    public const string Read =
        """
        local meta = redis.call('HMGET', KEYS[2], 'next', 'ended')
        if not meta[1] then return {0, 0, {}} end
        local next, from = tonumber(meta[1]), tonumber(ARGV[1])
        if next > 0 and redis.call('EXISTS', KEYS[1]) == 0 then return {0, 0, {}} end
        local state = 1
        if meta[2] == '1' then state = 2 end
        local count = math.min(tonumber(ARGV[2]), next - from)
        if count <= 0 then return {state, next, {}} end
        local first = string.format('1-%.0f', from)
        local events = redis.call('XRANGE', KEYS[1], first, '+', 'COUNT', string.format('%.0f', count))
        if #events ~= count or events[1][1] ~= first then return {0, 0, {}} end
        for i = 1, count do events[i] = events[i][2] end
        return {state, next, events}
        """;
}
