using System.Globalization;
using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>
/// What Redis does with quotas, each step in one piece and by Redis's own clock. All numbers are whole and exact up to 2^53.
/// <list type="bullet">
/// <item>A window is a hash: <c>sum</c>, <c>first</c> and <c>last</c> bucket, and under its number what was taken in each bucket.</item>
/// <item>Requests in flight are a sorted set of ids by the end of their lease.</item>
/// <item>A share is a hash: under the key of each counter <c>dimension width bucket:amount bucket:amount …</c>; the width is 0 for
/// requests in flight. <c>granted:name</c> marks each take, and <c>done</c> a share that was <c>posted</c>: neither happens again.</item>
/// <item>The last takes for good of each replica are remembered in a hash, each in one of so many slots.</item>
/// <item>All shares stand in one sorted set by the end of their lease.</item>
/// </list>
/// The first argument of each script is the time in milliseconds; empty but in tests, which tell it.
/// </summary>
internal static class QuotaScripts
{
    private static readonly string Constants = string.Create(CultureInfo.InvariantCulture, $"local BUCKETS = {SlidingWindow.Buckets}\n");

    private const string Common =
        """
        -- A share outlives its lease by this, so that a run whose replica hung can be renewed.
        local PATIENCE = 600000
        local now = tonumber(ARGV[1])
        local told = now ~= nil
        if not told then
          local time = redis.call('TIME')
          now = time[1] * 1000 + math.floor(time[2] / 1000)
        end

        -- Sees to it that a key lives for so many milliseconds at least.
        local function keep(key, ms)
          if told then ms = ms + 3600000 end
          if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
        end

        """;

    private const string Windows =
        """
        -- When the whole of a bucket has left the window.
        local function left(w, bucket) return (bucket + 1 + BUCKETS) * w.width end

        -- Reads a window and lets go of what has left it.
        local function open(key, width)
          local w = {key = key, width = width, present = math.floor(now / width), sum = 0}
          local state = redis.call('HMGET', key, 'sum', 'first', 'last')
          if not state[1] then return w end
          local sum, first, last = tonumber(state[1]), tonumber(state[2]), tonumber(state[3])
          w.present = math.max(w.present, last)
          local oldest = w.present - BUCKETS
          if last < oldest then
            redis.call('DEL', key)
            return w
          end
          if first < oldest then
            local gone = {}
            for bucket = first, oldest - 1 do gone[#gone + 1] = bucket end
            for _, amount in ipairs(redis.call('HMGET', key, unpack(gone))) do
              if amount then sum = sum - amount end
            end
            redis.call('HDEL', key, unpack(gone))
            first = oldest
            redis.call('HSET', key, 'sum', sum, 'first', first)
          end
          w.sum, w.first, w.last = sum, first, last
          return w
        end

        local function add(w, amount)
          if amount == 0 then return end
          w.sum = w.sum + amount
          w.first = w.first or w.present
          redis.call('HINCRBY', w.key, w.present, amount)
          redis.call('HSET', w.key, 'sum', w.sum, 'first', w.first, 'last', w.present)
          if w.last ~= w.present then keep(w.key, left(w, w.present) - now + w.width) end
          w.last = w.present
        end

        -- Adds to a bucket of before, or takes from it; when it has left, more counts now, and less no longer matters.
        local function correct(w, bucket, difference)
          local held = difference ~= 0 and w.first and bucket >= w.first and redis.call('HGET', w.key, bucket)
          if held then
            difference = math.max(difference, -held)
            w.sum = w.sum + difference
            redis.call('HINCRBY', w.key, bucket, difference)
            redis.call('HSET', w.key, 'sum', w.sum)
          elseif difference > 0 then
            add(w, difference)
          end
        end

        """;

    private const string Settling =
        """
        -- Puts the true use in the place of what a share holds of a counter: the earliest was used first, and what goes beyond it
        -- all counts where the last was taken. Returns what it then holds.
        local function settle(key, part, id, usage)
          local dimension, width = string.match(part, '^(%d+) (%d+)')
          if not width then return nil end
          if width == '0' then
            redis.call('ZREM', key, id)
            return part
          end
          local w, used, taken = open(key, tonumber(width)), usage[dimension], {}
          for bucket, amount in string.gmatch(part, '(%d+):(%d+)') do taken[#taken + 1] = {tonumber(bucket), tonumber(amount)} end
          for i, take in ipairs(taken) do
            local kept = used
            if i < #taken then kept = math.min(used, take[2]) end
            correct(w, take[1], kept - take[2])
            used = used - kept
            taken[i] = string.format('%.0f:%.0f', take[1], kept)
          end
          return string.format('%s %s %s', dimension, width, table.concat(taken, ' '))
        end

        -- By the number of each dimension.
        local usage = {['0'] = tonumber(ARGV[3]), ['1'] = tonumber(ARGV[4]), ['2'] = tonumber(ARGV[5])}

        """;

    /// <summary>
    /// Keys: share, leases, memory of takes for good, counters. Arguments: time, id, lease, units, least units, name (what has one
    /// happens once; may be empty), slot in that memory (empty: the share remembers the name), whether it was granted elsewhere (1: it is
    /// taken whether or not there is room), up to which time anything may happen (empty: whenever), then dimension, bucket width (0
    /// for requests in flight), limit, fixed, per unit and room of each counter. A lease of 0 takes for good. Result: granted (1 or 0,
    /// or -1 when it is too late), units or which counter refuses (from 0), when it will have room (-1 for unknown), the time,
    /// then use and time to the reset of each counter.
    /// </summary>
    public static readonly string Take = Constants + Common + Windows +
        """
        local function reset(w)
          if w.sum == 0 then return 0 end
          for bucket = w.last, w.first, -1 do
            local amount = redis.call('HGET', w.key, bucket)
            if amount and tonumber(amount) > 0 then return left(w, bucket) - now end
          end
          return 0
        end

        local function wait(w, over)
          for bucket = w.first, w.last do
            over = over - (redis.call('HGET', w.key, bucket) or 0)
            if over <= 0 then return left(w, bucket) - now end
          end
        end

        if ARGV[9] ~= '' and now > tonumber(ARGV[9]) then return {-1, 0, -1, now} end

        local id, lease, units, least, name, slot = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]
        local granted = ARGV[8] == '1'
        local charges, refusing, weight, waiting = {}, nil, nil, nil
        for i = 1, #KEYS - 3 do
          local c = {key = KEYS[i + 3], dimension = ARGV[6 * i + 4], width = tonumber(ARGV[6 * i + 5]), limit = tonumber(ARGV[6 * i + 6]),
            fixed = tonumber(ARGV[6 * i + 7]), per = tonumber(ARGV[6 * i + 8]), room = tonumber(ARGV[6 * i + 9])}
          charges[i] = c
          c.takes = c.fixed > 0 or c.per > 0
          if c.width > 0 then
            c.window = open(c.key, c.width)
            c.used, c.reset = c.window.sum, reset(c.window)
          else
            redis.call('ZREMRANGEBYSCORE', c.key, '-inf', now)
            c.used, c.reset = redis.call('ZCARD', c.key), 0
            c.held = redis.call('ZSCORE', c.key, id)
          end
          local need, free = c.fixed + c.per * least + c.room, c.limit - c.used
          if (c.takes or c.room > 0) and not c.held and not granted then
            if need <= free then
              if c.per > 0 then units = math.min(units, math.floor((free - c.fixed) / c.per)) end
            else
              -- What will never have room weighs most, requests in flight least.
              local until_room, heavy = -1, -1
              if c.window and need > c.limit then heavy = math.huge
              elseif c.window then
                until_room = wait(c.window, need - free)
                heavy = until_room
              end
              if not weight or heavy > weight then refusing, weight, waiting = i - 1, heavy, until_room end
            end
          end
        end

        local known = refusing
        if known then -- Nothing is taken, and nothing remembered.
        elseif slot ~= '' then
          known = redis.call('HGET', KEYS[3], slot) == name
          if not known then
            redis.call('HSET', KEYS[3], slot, name)
            redis.call('PEXPIRE', KEYS[3], PATIENCE)
          end
        elseif redis.call('HEXISTS', KEYS[1], 'done') == 1 then
          known = true
        elseif name ~= '' then
          known = redis.call('HSETNX', KEYS[1], 'granted:' .. name, 1) == 0
          if lease == 0 then keep(KEYS[1], PATIENCE) end
        end
        if not known then
          local longest, taken = 0, {}
          for _, c in ipairs(charges) do
            if c.takes then
              local part
              if c.window then
                local amount = c.fixed + c.per * units
                add(c.window, amount)
                c.used, c.reset = c.window.sum, reset(c.window)
                longest = math.max(longest, (BUCKETS + 2) * c.width)
                part = redis.call('HGET', KEYS[1], c.key) or string.format('%s %.0f', c.dimension, c.width)
                local before, bucket, earlier = string.match(part, '^(.*) (%d+):(%d+)$')
                if bucket and tonumber(bucket) == c.window.present then part, amount = before, amount + earlier end
                part = string.format('%s %.0f:%.0f', part, c.window.present, amount)
              else
                redis.call('ZADD', c.key, now + lease, id)
                keep(c.key, lease)
                c.used = redis.call('ZCARD', c.key)
                part = c.dimension .. ' 0'
              end
              taken[#taken + 1] = c.key
              taken[#taken + 1] = part
            end
          end
          if #taken > 0 and lease > 0 then
            redis.call('HSET', KEYS[1], unpack(taken))
            redis.call('ZADD', KEYS[2], now + lease, id)
            keep(KEYS[1], longest + lease + PATIENCE)
            keep(KEYS[2], longest + lease + PATIENCE)
          end
        end

        local reply = {1, units, -1, now}
        if refusing then reply = {0, refusing, waiting, now} end
        for _, c in ipairs(charges) do
          reply[#reply + 1] = c.used
          reply[#reply + 1] = c.reset
        end
        return reply
        """;

    /// <summary>Keys: share, leases. Arguments: time, id, requests, tokens, cost, whether more may be heard of it (1: the share is kept for a while).</summary>
    public static readonly string Settle = Constants + Common + Windows + Settling +
        """
        local share = redis.call('HGETALL', KEYS[1])
        if #share == 0 or redis.call('HEXISTS', KEYS[1], 'done') == 1 then return 0 end
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[2], ARGV[2])
        for i = 1, #share, 2 do
          local held = settle(share[i], share[i + 1], ARGV[2], usage)
          if held and ARGV[6] == '1' then redis.call('HSET', KEYS[1], share[i], held) end
        end
        if ARGV[6] == '1' then keep(KEYS[1], PATIENCE) end
        return 1
        """;

    /// <summary>
    /// Settles a share, and counts the use on counters of which it holds nothing as well. Once for each id, however often it is
    /// said. Keys: share, leases, counters. Arguments: time, id, requests, tokens, cost, then dimension and width of each counter.
    /// </summary>
    public static readonly string Post = Constants + Common + Windows + Settling +
        """
        if redis.call('HEXISTS', KEYS[1], 'done') == 1 then return 0 end
        local share, held = redis.call('HGETALL', KEYS[1]), {}
        for i = 1, #share, 2 do
          settle(share[i], share[i + 1], ARGV[2], usage)
          held[share[i]] = true
        end
        for i = 3, #KEYS do
          local dimension, width = ARGV[2 * i], tonumber(ARGV[2 * i + 1])
          if width > 0 and not held[KEYS[i]] then add(open(KEYS[i], width), usage[dimension]) end
        end
        redis.call('DEL', KEYS[1])
        redis.call('ZREM', KEYS[2], ARGV[2])
        redis.call('HSET', KEYS[1], 'done', 'posted')
        keep(KEYS[1], PATIENCE)
        return 1
        """;

    /// <summary>Keys: leases, shares. Arguments: time, lease, the shares' ids.</summary>
    public static readonly string Renew = Common +
        """
        local lease = tonumber(ARGV[2])
        for i = 2, #KEYS do
          local share, id = redis.call('HGETALL', KEYS[i]), ARGV[i + 1]
          if #share > 0 and share[1] ~= 'done' then
            for j = 1, #share, 2 do
              if string.match(share[j + 1], '^%d+ 0$') then
                redis.call('ZADD', share[j], now + lease, id)
                keep(share[j], lease)
              end
            end
            redis.call('ZADD', KEYS[1], now + lease, id)
            keep(KEYS[1], lease + PATIENCE)
            keep(KEYS[i], lease + PATIENCE)
          end
        end
        return #KEYS - 1
        """;

    /// <summary>Keys: leases. Arguments: time, how many at most, for how long they are held, what the keys of shares begin with. Result: ids.</summary>
    public static readonly string TakeExpired = Common +
        """
        local found = {}
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
          if redis.call('EXISTS', ARGV[4] .. id) == 1 then
            redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), id)
            found[#found + 1] = id
          else
            redis.call('ZREM', KEYS[1], id)
          end
        end
        return found
        """;

    /// <summary>Keys: replicas. Arguments: time, replica, for how long it counts. Result: how many count, the time.</summary>
    public static readonly string Beat = Common +
        """
        redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        keep(KEYS[1], tonumber(ARGV[3]))
        return {redis.call('ZCARD', KEYS[1]), now}
        """;
}
