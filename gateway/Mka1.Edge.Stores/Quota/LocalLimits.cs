using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>Limits of one replica that decides by itself: each replica goes by its part, so that together they keep to the whole.</summary>
internal static class LocalLimits
{
    /// <summary>What is too much for one replica's part may be none for all together, and Redis may be back by then.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>The same request of this replica's part of each limit, of which at least 1 is left.</summary>
    public static QuotaRequest Part(QuotaRequest request, int replicas) => replicas == 1
        ? request
        : request with { Charges = [.. request.Charges.Select(charge => charge with { Counter = Part(charge.Counter, replicas) })] };

    /// <summary>The decision in terms of the whole limits: what remains is what remains here.</summary>
    public static QuotaDecision Whole(QuotaDecision decision, QuotaRequest request)
    {
        var readings = new QuotaReading[decision.Readings.Count];
        for (var i = 0; i < readings.Length; i++) readings[i] = Whole(decision.Readings[i], request.Charges[i].Counter);
        switch (decision)
        {
            case QuotaDecision.Granted granted:
                return granted with { Readings = readings };
            case QuotaDecision.Exhausted exhausted:
                var index = Enumerable.Range(0, readings.Length).First(i => readings[i].Counter.Name == exhausted.Refusing.Counter.Name);
                var charge = request.Charges[index];
                var fitsWhole = charge.Counter.Window is not null && QuotaFit.Need(charge, request.MinimumUnits) <= charge.Counter.Limit;
                return new QuotaDecision.Exhausted(readings[index], exhausted.RetryAfter ?? (fitsWhole ? Again : null), readings);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static QuotaCounter Part(QuotaCounter counter, int replicas) =>
        counter with { Limit = Math.Min(counter.Limit, Math.Max(1, counter.Limit / replicas)) };

    private static QuotaReading Whole(QuotaReading reading, QuotaCounter counter) =>
        reading with { Counter = counter, Used = counter.Limit - reading.Remaining };
}
