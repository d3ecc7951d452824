using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>Learns from every exchange how its destination is, and says so in log and metrics.</summary>
internal sealed class DestinationHealth(PoolMetrics metrics, TimeProvider clock, ILogger<DestinationHealth> logger)
{
    /// <summary>How long a destination that has no room and does not say until when is passed over while there are others.</summary>
    private static readonly TimeSpan ShortRest = TimeSpan.FromSeconds(1);

    /// <summary>Takes note of what a destination says of its load.</summary>
    public void Hear(PoolDestination destination, HttpResponseMessage response)
    {
        if (LoadReportHeader.Read(response.Headers) is not { } said) return;
        var state = destination.State;
        state.Load = new LoadReport(said.Queued, said.Active, said.CacheUsed, clock.Now(), state.Outstanding);
    }

    /// <summary>An exchange has ended.</summary>
    public void Ended(ModelPool pool, PoolDestination destination, bool trial, AttemptEnd end, TimeSpan? retryAfter)
    {
        var (state, settings, now) = (destination.State, destination.Circuit, clock.Now());
        metrics.AttemptEnded(pool.Name, destination.Name, end);
        if (end == AttemptEnd.Busy)
        {
            var longest = TimeSpan.FromSeconds(pool.Config.Health.Passive.LongestRestSeconds);
            var rest = retryAfter ?? ShortRest;
            state.Rest(now + (rest < longest ? rest : longest), said: retryAfter is not null);
        }

        if (end.IsFault())
        {
            if (!state.Fail(trial, now, settings, new ServerFault(end.Name(), clock.GetUtcNow()))) return;
            metrics.Ejected(pool.Name, destination.Name);
            logger.CircuitOpened(pool.Name, destination.Name, end);
        }
        else if (settings is not null && end is AttemptEnd.Served or AttemptEnd.Refused)
        {
            if (state.Succeed(trial, now, settings!)) logger.CircuitClosed(pool.Name, destination.Name);
        }
        else if (trial)
        {
            state.Abandon();
        }
    }
}
