using BenchmarkDotNet.Attributes;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores.Quota;

namespace Mka1.Edge.Benchmarks;

/// <summary>Decisions on quotas in memory, for a key with two request windows, a token window and a concurrency limit of its own and of its tenant.</summary>
[MemoryDiagnoser]
public class QuotaDecisionBenchmark
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private MemoryQuotaStore _store = null!;
    private QuotaRequest _admission = null!;
    private QuotaRequest _reservation = null!;
    private QuotaRequest _refused = null!;

    [GlobalSetup]
    public void Setup()
    {
        _store = new MemoryQuotaStore(TimeProvider.System);
        var grant = new KeyGrant("acme", "main", new HashSet<string>());
        var plan = QuotaPlan.Of(grant, Limits(1_000_000_000_000), Limits(1_000_000_000_000));
        _admission = new QuotaRequest("admission", plan.Admission, 0, 0, Lease);
        _reservation = new QuotaRequest("reservation", plan.Reservation(100, default), 1000, 1, Lease);

        // One more than there may ever be.
        var spent = QuotaPlan.Of(new KeyGrant("globex", "main", new HashSet<string>()), Limits(1), QuotaLimits.None);
        _refused = new QuotaRequest("refused", spent.Reservation(2, default), 1, 1, Lease);
    }

#pragma warning disable CA2012 // In memory every call has completed when it returns, and a task of its own would be counted.
    /// <summary>All a request asks of its quotas: let in, set aside, settled twice.</summary>
    [Benchmark]
    public long Granted()
    {
        var let = _store.TakeAsync(_admission).Result;
        var set = _store.TakeAsync(_reservation).Result;
        _ = _store.SettleAsync(_admission.Id, new QuotaUsage(1, 0, 0)).IsCompleted;
        _ = _store.SettleAsync(_reservation.Id, new QuotaUsage(1, 200, 0)).IsCompleted;
        return let.Readings.Count + set.Readings.Count;
    }

    [Benchmark]
    public int Refused() => _store.TakeAsync(_refused).Result.Readings.Count;

#pragma warning restore CA2012
    private static QuotaLimits Limits(long limit) => new(
        [
            new(QuotaDimension.Requests, QuotaWindow.Parse("second"), limit),
            new(QuotaDimension.Requests, QuotaWindow.Parse("day"), limit),
            new(QuotaDimension.Tokens, QuotaWindow.Parse("minute"), limit),
        ],
        Concurrency: 100);
}
