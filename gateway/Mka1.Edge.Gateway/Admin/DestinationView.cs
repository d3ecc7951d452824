using Mka1.Edge.Gateway.Forwarding.Destinations;
using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>How a model server is, as this replica sees it.</summary>
/// <param name="Name">Its name in the pool.</param>
/// <param name="Address">Scheme, host, port and path; no credentials.</param>
/// <param name="State"><c>available</c>, <c>resting</c>, <c>on_trial</c>, <c>unwell</c> (by its probes), <c>drained</c> or <c>weightless</c>.</param>
/// <param name="Circuit"><c>closed</c>, <c>open</c> or <c>half_open</c>.</param>
/// <param name="RestsForSeconds">How long it is still left out; null when it does not rest.</param>
/// <param name="Probe"><c>well</c>, <c>unwell</c> or <c>unknown</c>.</param>
/// <param name="Outstanding">Requests of this replica under way there.</param>
/// <param name="Weight">Its share of the work.</param>
/// <param name="Drained">Whether it is taken out.</param>
/// <param name="Load">What it last said of its load; null when it never did.</param>
/// <param name="LastFault">What last spoke against it; null when nothing did.</param>
/// <param name="LastFaultAt">When that was.</param>
internal sealed record DestinationView(
    string Name,
    string Address,
    string State,
    string Circuit,
    double? RestsForSeconds,
    string Probe,
    int Outstanding,
    int Weight,
    bool Drained,
    LoadView? Load,
    string? LastFault,
    DateTimeOffset? LastFaultAt)
{
    public static DestinationView Of(PoolDestination destination, TimeProvider clock)
    {
        var (state, now) = (destination.State, clock.Now());
        var circuit = state.Circuit.Phase;
        return new DestinationView(
            destination.Name,
            new Uri(destination.Address).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            StateOf(destination, circuit, now),
            circuit switch { CircuitPhase.Closed => "closed", CircuitPhase.Open => "open", _ => "half_open" },
            state.RestsUntil(now) is { } until ? Math.Round((until - now).TotalSeconds, 1) : null,
            state.IsProbedWell switch { true => "well", false => "unwell", null => "unknown" },
            state.Outstanding,
            destination.Weight,
            destination.IsDrained,
            state.Load is { } load ? new LoadView(load.Queued, load.Active, load.CacheUsed, Math.Round((now - load.At).TotalSeconds, 1)) : null,
            state.LastFault?.Kind,
            state.LastFault?.At);
    }

    private static string StateOf(PoolDestination destination, CircuitPhase circuit, TimeSpan now)
    {
        if (destination.IsDrained) return "drained";
        if (destination.Weight == 0) return "weightless";
        if (destination.State.IsProbedWell == false) return "unwell";
        if (destination.State.RestsUntil(now) is not null) return "resting";
        return circuit == CircuitPhase.Closed ? "available" : "on_trial";
    }
}
