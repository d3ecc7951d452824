using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>
/// What was taken for good while Redis was away, until Redis has taken it in: added up by counter, and one by one what Redis was asked
/// for and may have made.
/// </summary>
/// <param name="capacity">Of how many counters, and how many one by one. What is taken beyond is lost.</param>
internal sealed class LocalTakes(int capacity)
{
    /// <summary>Redis serves nobody else while it takes a batch in.</summary>
    private const int BatchSize = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, QuotaCharge> _taken = new(StringComparer.Ordinal);
    private readonly Queue<LocalBatch> _asked = new();
    private LocalBatch? _next;
    private long _lost;

    public long Lost => Interlocked.Read(ref _lost);

    public void Add(QuotaRequest request, long units, TakeName? take)
    {
        lock (_gate)
        {
            if (take is { } asked)
            {
                QuotaCharge[] taken = [.. request.Charges.Select(charge => new QuotaCharge(charge.Counter, charge.Fixed + (charge.PerUnit * units)))];
                if (_asked.Count >= capacity) Interlocked.Increment(ref _lost);
                else _asked.Enqueue(new LocalBatch(request with { Charges = taken, Units = 0, MinimumUnits = 0 }, asked.ToString(), asked));
                return;
            }

            foreach (var charge in request.Charges)
            {
                var amount = charge.Fixed + (charge.PerUnit * units);
                if (amount == 0) continue;
                if (_taken.TryGetValue(charge.Counter.Name, out var taken)) amount += taken.Fixed;
                else if (_taken.Count >= capacity)
                {
                    Interlocked.Increment(ref _lost);
                    continue;
                }

                _taken[charge.Counter.Name] = new QuotaCharge(charge.Counter, amount);
            }
        }
    }

    /// <summary>What Redis is to take in next: the same again until it has; null when it has it all.</summary>
    public LocalBatch? Next()
    {
        lock (_gate)
        {
            if (_next is not null || _asked.TryDequeue(out _next) || _taken.Count == 0) return _next;
            QuotaCharge[] some = [.. _taken.Values.Take(BatchSize)];
            foreach (var charge in some) _taken.Remove(charge.Counter.Name);
            var name = Guid.NewGuid().ToString("N");
            return _next = new LocalBatch(new QuotaRequest("batch:" + name, some, 0, 0, TimeSpan.Zero), name);
        }
    }

    /// <summary>Notes that Redis has taken in what was next.</summary>
    public void TakenIn()
    {
        lock (_gate) _next = null;
    }
}
