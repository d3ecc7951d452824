using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Policies.Tests.Quota;

/// <summary>Promise: in no stretch of time as long as the window is more granted than the limit, and what has left it is free at most a bucket late.</summary>
public sealed class SlidingWindowTests
{
    private const long Start = 1_000_000_007;

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var window in QuotaWindow.All)
        {
            for (var seed = 0; seed < 10; seed++) cases.Add(window.Name, seed);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_stretch_as_long_as_the_window_is_granted_more_than_the_limit(string name, int seed)
    {
        var length = QuotaWindow.Parse(name).Length;
        var window = new SlidingWindow(length);
        var log = Grants(length, seed, limit: 50, (now, amount) =>
        {
            window.Advance(now);
            if (amount > 50 - window.Used) return false;
            window.Add(amount);
            return true;
        });
        Assert.True(log.Count > 100);
        Assert.InRange(MostInAnyStretch(log, length), 26, 50);
    }

    [Fact]
    public void A_window_that_begins_anew_each_time_would_not_hold_that()
    {
        var length = TimeSpan.FromMinutes(1);
        var (begin, used) = (0L, 0L);
        var log = Grants(length, seed: 1, limit: 50, (now, amount) =>
        {
            if (now - begin >= length.TotalMilliseconds) (begin, used) = (now, 0);
            if (amount > 50 - used) return false;
            used += amount;
            return true;
        });
        Assert.True(MostInAnyStretch(log, length) > 50);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_free_when_is_told_exactly(string name, int seed)
    {
        var length = QuotaWindow.Parse(name).Length;
        var random = new Random(seed);
        var window = new SlidingWindow(length);
        var now = Start;
        for (var i = 0; i < 300; i++)
        {
            now += random.NextInt64((long)length.TotalMilliseconds / 20);
            window.Advance(now);
            var amount = random.Next(1, 50);
            if (amount <= 50 - window.Used) window.Add(amount);
            else
            {
                var room = now + (long)window.WaitFor(amount, 50, now)!.Value.TotalMilliseconds;
                var empty = now + (long)window.ResetAfter(now).TotalMilliseconds;
                window.Advance(room - 1);
                Assert.True(amount > 50 - window.Used);
                window.Advance(room);
                Assert.True(amount <= 50 - window.Used);
                now = room;
                if (i % 7 != 0 || empty == room) continue;
                window.Advance(empty - 1);
                Assert.NotEqual(0, window.Used);
                window.Advance(empty);
                Assert.Equal(0, window.Used);
                now = empty;
            }
        }
    }

    [Fact]
    public void What_is_above_the_limit_never_has_room()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1));
        window.Advance(Start);
        Assert.Null(window.WaitFor(51, 50, Start));
    }

    [Fact]
    public void Use_is_the_sum_of_what_was_taken_and_corrected_and_never_below_nothing()
    {
        var random = new Random(7);
        var window = new SlidingWindow(TimeSpan.FromSeconds(1));
        var buckets = new Dictionary<long, long>();
        var now = Start;
        for (var i = 0; i < 20_000; i++)
        {
            now += random.Next(60);
            window.Advance(now);
            foreach (var gone in buckets.Keys.Where(bucket => bucket < window.Present - SlidingWindow.Buckets).ToList()) buckets.Remove(gone);
            if (random.Next(2) == 0)
            {
                var amount = random.Next(10);
                window.Add(amount);
                if (amount > 0) buckets[window.Present] = buckets.GetValueOrDefault(window.Present) + amount;
            }
            else
            {
                var bucket = window.Present - random.Next(60);
                var difference = random.Next(-10, 10);
                window.Correct(bucket, difference);
                if (buckets.TryGetValue(bucket, out var held)) buckets[bucket] = Math.Max(0, held + difference);
                else if (difference > 0) buckets[window.Present] = buckets.GetValueOrDefault(window.Present) + difference;
            }

            Assert.Equal(buckets.Values.Sum(), window.Used);
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_frees_nothing_and_counts_on()
    {
        var window = new SlidingWindow(TimeSpan.FromMinutes(1));
        window.Advance(Start);
        window.Add(10);
        window.Advance(Start - 600_000);
        window.Add(5);
        Assert.Equal(15, window.Used);
        window.Advance(Start + 30_000);
        Assert.Equal(15, window.Used);
        window.Advance(Start + 63_000);
        Assert.Equal(0, window.Used);
    }

    [Fact]
    public void Every_window_has_buckets_of_whole_milliseconds() =>
        Assert.All(QuotaWindow.All, window => Assert.Equal(window.Length.TotalMilliseconds, SlidingWindow.WidthOf(window.Length) * SlidingWindow.Buckets));

    /// <summary>Asks at random moments, in bursts and with pauses, and notes what was granted when.</summary>
    private static List<(long At, long Amount)> Grants(TimeSpan length, int seed, long limit, Func<long, long, bool> take)
    {
        var random = new Random(seed);
        var log = new List<(long, long)>();
        var now = Start;
        for (var i = 0; i < 3000; i++)
        {
            now += random.Next(20) switch
            {
                < 14 => random.NextInt64(3),
                < 19 => random.NextInt64((long)length.TotalMilliseconds / 10),
                _ => random.NextInt64((long)length.TotalMilliseconds),
            };
            var amount = random.NextInt64(1, limit / 5);
            if (take(now, amount)) log.Add((now, amount));
        }

        return log;
    }

    private static long MostInAnyStretch(List<(long At, long Amount)> log, TimeSpan length)
    {
        var (most, within, first) = (0L, 0L, 0);
        foreach (var (at, amount) in log)
        {
            within += amount;
            while (log[first].At <= at - (long)length.TotalMilliseconds) within -= log[first++].Amount;
            most = Math.Max(most, within);
        }

        return most;
    }
}
