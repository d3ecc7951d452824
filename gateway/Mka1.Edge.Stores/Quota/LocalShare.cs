using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>What one request was granted while Redis was away, and Redis has yet to take in.</summary>
internal sealed class LocalShare
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, QuotaCounter> _counters = new(StringComparer.Ordinal);
    private readonly Queue<LocalBatch> _batches = new();
    private bool _closed;

    /// <summary>All counters of which something was granted.</summary>
    public IReadOnlyCollection<QuotaCounter> Counters
    {
        get
        {
            lock (_gate) return [.. _counters.Values];
        }
    }

    /// <returns>False when Redis has all of it and nothing more is taken down here.</returns>
    public bool TryAdd(QuotaRequest request, long units, TakeName? take)
    {
        lock (_gate)
        {
            if (_closed) return false;
            foreach (var charge in request.Charges.Where(charge => !QuotaFit.TakesNothing(charge))) _counters[charge.Counter.Name] = charge.Counter;
            QuotaCharge[] taken =
                [.. request.Charges.Select(charge => new QuotaCharge(charge.Counter, charge.Fixed + (charge.PerUnit * units))).Where(charge => charge.Fixed > 0)];
            if (taken.Length > 0)
                _batches.Enqueue(new LocalBatch(request with { Charges = taken, Units = 0, MinimumUnits = 0 }, take?.ToString() ?? Guid.NewGuid().ToString("N"), take));
            return true;
        }
    }

    /// <summary>What Redis is to take in next, always under the same name; null when it has it all, which ends this share.</summary>
    public LocalBatch? NextOrClose()
    {
        lock (_gate)
        {
            if (_batches.TryPeek(out var batch)) return batch;
            _closed = true;
            return null;
        }
    }

    /// <summary>Notes that Redis has taken in what was next.</summary>
    public void TakenIn(LocalBatch batch)
    {
        lock (_gate)
        {
            if (_batches.TryPeek(out var next) && next == batch) _batches.Dequeue();
        }
    }
}
