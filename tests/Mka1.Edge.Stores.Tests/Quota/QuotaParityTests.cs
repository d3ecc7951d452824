using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Quota;

/// <summary>Promise: Redis's scripts and the counters in memory decide alike, reading by reading, whatever is asked of them and however the clock goes.</summary>
public sealed class QuotaParityTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const int Steps = 1500;

    private static readonly string[] Windows = ["second", "minute", "hour"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Both_stores_say_the_same_of_everything(int seed)
    {
        var random = new Random(seed);
        var now = 1_767_225_600_000L;
        var memory = new MemoryQuotaStore(() => now);
        var real = new RedisQuotaStore(redis.Here, $"mka1:{{quota-{Guid.NewGuid():N}}}:", () => now);
        var counters = Counters(random);
        var (granted, refused, expired) = (0, 0, 0);
        for (var step = 0; step < Steps; step++)
        {
            now += Pause(random);
            var id = "share-" + random.Next(12);
            switch (random.Next(10))
            {
                case < 6:
                    var request = Request(random, id, counters);
                    var (here, there) = (await memory.TakeAsync(request), await real.TakeAsync(request));
                    Assert.Equal(Describe(here), Describe(there));
                    if (here is QuotaDecision.Granted) granted++;
                    else refused++;
                    break;
                case < 8:
                    var usage = new QuotaUsage(random.Next(2), random.Next(60), random.Next(300));
                    await memory.SettleAsync(id, usage);
                    await real.SettleAsync(id, usage);
                    break;
                case 8:
                    string[] ids = [id, "share-" + random.Next(12), "unknown"];
                    await memory.RenewAsync(ids, Ask.Lease);
                    await real.RenewAsync(ids, Ask.Lease);
                    break;
                default:
                    var limit = random.Next(1, 4);
                    var taken = await memory.TakeExpiredAsync(limit, Ask.Lease);
                    Assert.Equal(taken, await real.TakeExpiredAsync(limit, Ask.Lease));
                    expired += taken.Count;
                    break;
            }
        }

        // All kinds of answers were compared.
        Assert.True(granted > 50 && refused > 50 && expired > 5, $"{granted} granted, {refused} refused, {expired} expired");
    }

    /// <summary>Mostly moments, sometimes much longer, and now and then back.</summary>
    private static long Pause(Random random) => random.Next(100) switch
    {
        < 40 => 0,
        < 80 => random.Next(200),
        < 92 => random.Next(5_000),
        < 96 => random.Next(120_000),
        < 97 => random.Next(8_000_000),
        _ => -random.Next(3_000),
    };

    private static List<QuotaCounter> Counters(Random random)
    {
        var counters = new List<QuotaCounter>();
        foreach (var window in Windows)
        {
            foreach (var dimension in new[] { QuotaDimension.Requests, QuotaDimension.Tokens, QuotaDimension.Cost })
                counters.Add(Ask.Counter("t", dimension, random.Next(2, 20) * (dimension == QuotaDimension.Requests ? 1 : 30), window));
        }

        counters.Add(Ask.Counter("t", QuotaDimension.Concurrency, 4, null));
        counters.Add(Ask.Counter("u", QuotaDimension.Concurrency, 7, null));
        return counters;
    }

    private static QuotaRequest Request(Random random, string id, List<QuotaCounter> counters)
    {
        var minimum = random.Next(3);
        var charges = counters.Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()).Select(counter => counter.Dimension switch
        {
            QuotaDimension.Requests or QuotaDimension.Concurrency => new QuotaCharge(counter, random.Next(2)),
            QuotaDimension.Tokens when random.Next(4) == 0 => new QuotaCharge(counter, 0, Room: random.Next(300)),
            QuotaDimension.Tokens => new QuotaCharge(counter, random.Next(40), random.Next(2)),
            _ => new QuotaCharge(counter, random.Next(90), random.Next(8)),
        });
        var request = Ask.Units(id, minimum + random.Next(50), minimum, [.. charges]);
        var holds = request.Charges.Any(charge => charge.Counter.Window is null);
        return holds || random.Next(5) > 0 ? request : request with { Lease = TimeSpan.Zero };
    }

    private static string Describe(QuotaDecision decision) => decision switch
    {
        QuotaDecision.Granted granted => $"{granted.Units} units; {string.Join(", ", granted.Readings)}",
        QuotaDecision.Exhausted refused => $"{refused.Refusing}; {refused.RetryAfter}; {string.Join(", ", refused.Readings)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
