namespace Mka1.Edge.Policies.Quota;

/// <summary>Whether charges fit what is left of their counters, and with how many units.</summary>
public static class QuotaFit
{
    /// <summary>No amount goes beyond this: up to here Redis's scripts count exactly.</summary>
    public const long Highest = 1L << 53;

    /// <summary>Whether the charge takes nothing, whatever the units.</summary>
    public static bool TakesNothing(QuotaCharge charge) => charge is { Fixed: 0, PerUnit: 0 };

    /// <summary>Whether the charge takes nothing and never refuses.</summary>
    public static bool OnlyLooks(QuotaCharge charge) => TakesNothing(charge) && charge.Room == 0;

    /// <summary>What must be left for a charge at least.</summary>
    public static long Need(QuotaCharge charge, long minimumUnits) =>
        (long)Int128.Min(charge.Fixed + ((Int128)charge.PerUnit * minimumUnits) + charge.Room, Highest);

    /// <summary>How many of <paramref name="units"/> fit into what is left, given that the least does.</summary>
    public static long Units(QuotaCharge charge, long used, long units) =>
        charge.PerUnit == 0 ? units : Math.Min(units, (charge.Counter.Limit - used - charge.Fixed) / charge.PerUnit);

    /// <summary>
    /// Whether a refusal counts for more than another: a window that has room later for more than one that has it sooner, and any
    /// window for more than requests in flight, whose end nobody knows but which is near.
    /// </summary>
    public static bool Outweighs(QuotaCounter counter, TimeSpan? wait, QuotaCounter other, TimeSpan? otherWait)
    {
        if (counter.Window is null) return false;
        if (other.Window is null) return true;
        return otherWait is { } known && (wait is null || wait > known);
    }

    /// <exception cref="ArgumentException">The request asks for what no store can decide on.</exception>
    public static void Check(QuotaRequest request)
    {
        ArgumentException.ThrowIfNullOrEmpty(request.Id);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Lease, TimeSpan.Zero);
        InRange(request.Units);
        InRange(request.MinimumUnits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.MinimumUnits, request.Units);
        for (var i = 0; i < request.Charges.Count; i++)
        {
            var (counter, @fixed, perUnit, room) = request.Charges[i];
            InRange(counter.Limit);
            InRange(@fixed);
            InRange(perUnit);
            InRange(room);
            if (counter.Window is null && request.Lease == TimeSpan.Zero && !TakesNothing(request.Charges[i]))
                throw new ArgumentException($"'{counter.Name}' counts requests in flight: it can only be held for a time.", nameof(request));
            if ((counter.Window is null) != (counter.Dimension == QuotaDimension.Concurrency))
                throw new ArgumentException($"'{counter.Name}' must have a window, or count requests in flight.", nameof(request));
            if (counter.Window is null && (@fixed > 1 || perUnit > 0))
                throw new ArgumentException($"'{counter.Name}' counts requests in flight: a request is one.", nameof(request));
            for (var j = 0; j < i; j++)
            {
                if (request.Charges[j].Counter.Name == counter.Name)
                    throw new ArgumentException($"'{counter.Name}' is charged more than once.", nameof(request));
            }
        }
    }

    private static void InRange(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(amount, Highest);
    }
}
