namespace Mka1.Edge.Policies.Balancing;

/// <summary>
/// Whether a destination gets requests, as its last ones tell: closed while they succeed; open, for longer each time, once too many
/// have failed; half open while a few of them find out whether it is well again. Times are of one monotonic clock.
/// </summary>
public readonly record struct Circuit
{
    private FailureWindow Window { get; init; }

    /// <summary>Where it stands.</summary>
    public CircuitPhase Phase { get; private init; }

    /// <summary>Failures in a row.</summary>
    public int Consecutive { get; private init; }

    /// <summary>How often it has opened without staying closed in between.</summary>
    public int Openings { get; private init; }

    /// <summary>Trials under way.</summary>
    public int Trials { get; private init; }

    /// <summary>When the rest is over; of no meaning while closed.</summary>
    public TimeSpan Until { get; private init; }

    /// <summary>When it last opened, let a trial through or closed.</summary>
    public TimeSpan Since { get; private init; }

    /// <summary>Whether a request may go there now; unless it is closed, as a trial.</summary>
    public bool Admits(TimeSpan now, CircuitSettings settings) => Phase switch
    {
        CircuitPhase.Closed => true,
        CircuitPhase.Open => now >= Until,

        // A trial that hangs must not keep out the one that would succeed.
        _ => Trials < settings.Trials || now >= Since + settings.RestAfter(Math.Max(Openings, 1), 1),
    };

    /// <summary>Whether a request may go there when the pool has no destination that admits it.</summary>
    public bool AdmitsInNeed(TimeSpan now) => now >= ReturnInNeed;

    /// <summary>When a request may go there, if the pool has no other.</summary>
    public TimeSpan ReturnInNeed
    {
        get
        {
            if (Phase == CircuitPhase.Closed) return TimeSpan.Zero;
            var need = Since + CircuitSettings.RestInNeed;
            return Phase == CircuitPhase.Open && Until < need ? Until : need;
        }
    }

    /// <summary>A request goes there although it is not closed.</summary>
    public Circuit Tried(TimeSpan now) => this with { Phase = CircuitPhase.HalfOpen, Trials = Trials + 1, Since = now };

    /// <summary>A request has been answered well.</summary>
    /// <param name="trial">Whether it was a trial: others say nothing about a destination that has been left out since they went there.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">The settings.</param>
    public Circuit Succeeded(bool trial, TimeSpan now, CircuitSettings settings)
    {
        if (Phase == CircuitPhase.Closed) return this with { Consecutive = 0, Window = Window.With(failed: false, now, settings.Window) };
        return trial ? new Circuit { Openings = Openings, Since = now } : this;
    }

    /// <summary>A request has failed.</summary>
    /// <param name="trial">Whether it was a trial.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="random">From 0 to 1; decides the jitter of the rest.</param>
    public Circuit Failed(bool trial, TimeSpan now, CircuitSettings settings, double random)
    {
        if (Phase != CircuitPhase.Closed) return trial ? Opened(Openings + 1, now, settings, random) : this;
        var failed = this with { Consecutive = Consecutive + 1, Window = Window.With(failed: true, now, settings.Window) };
        if (failed.Consecutive < settings.Failures && !failed.Window.Exceeds(settings.FailureRate, settings.MinimumRequests, now, settings.Window)) return failed;

        // One that stayed well for as long as the longest rest begins anew.
        return failed.Opened(now - Since >= settings.LongestRest ? 1 : Openings + 1, now, settings, random);
    }

    /// <summary>A trial came to no end that says anything: its client left.</summary>
    public Circuit Abandoned() => Phase == CircuitPhase.HalfOpen ? this with { Trials = Math.Max(0, Trials - 1) } : this;

    private static Circuit Rest(int openings, TimeSpan now, TimeSpan until) => new() { Phase = CircuitPhase.Open, Openings = openings, Until = until, Since = now };

    private Circuit Opened(int openings, TimeSpan now, CircuitSettings settings, double random) =>
        Rest(openings, now, now + settings.RestAfter(openings, random)) with { Consecutive = Consecutive };
}
