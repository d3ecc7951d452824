using Mka1.Edge.Policies.Balancing;

namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>
/// What this replica knows of a model server now. It outlives configurations: a reload forgets nothing of it. Safe to use from many
/// threads; times are those of <see cref="MonotonicClock"/>.
/// </summary>
internal sealed class ServerState
{
    private readonly Lock _gate = new();
    private readonly HashSet<UpstreamDeadline> _waiting = [];
    private Circuit _circuit;
    private int _outstanding;
    private TimeSpan _restsUntil;
    private TimeSpan _leftAloneUntil;
    private TimeSpan _neededAt = TimeSpan.MinValue / 2;
    private int _probes;
    private volatile LoadReport? _load;

    /// <summary>Requests of this replica under way there.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>What an operator has said at this replica: taken out, put back whatever the configuration says, or nothing.</summary>
    public bool? Drain { get; set; }

    /// <summary>What it last said of its load; null when it never did.</summary>
    public LoadReport? Load
    {
        get => _load;
        set => _load = value;
    }

    /// <summary>Whether its probes find it well; null before the first.</summary>
    public bool? IsProbedWell { get; private set; }

    /// <summary>The last thing that spoke against it; null when nothing did.</summary>
    public ServerFault? LastFault { get; private set; }

    /// <summary>Its circuit, for operators.</summary>
    public Circuit Circuit
    {
        get
        {
            lock (_gate) return _circuit;
        }
    }

    /// <summary>When a request may go there, if the pool has no other.</summary>
    public TimeSpan ReturnInNeed
    {
        get
        {
            lock (_gate)
            {
                var circuit = _circuit.ReturnInNeed;
                var probe = IsProbedWell == false ? _neededAt + CircuitSettings.RestInNeed : TimeSpan.Zero;
                var later = circuit > probe ? circuit : probe;
                return _leftAloneUntil > later ? _leftAloneUntil : later;
            }
        }
    }

    /// <summary>When its rest is over; null when it does not rest.</summary>
    public TimeSpan? RestsUntil(TimeSpan now)
    {
        lock (_gate)
        {
            var until = _leftAloneUntil > _restsUntil ? _leftAloneUntil : _restsUntil;
            if (_circuit.Phase == CircuitPhase.Open && _circuit.Until > until) until = _circuit.Until;
            return until > now ? until : null;
        }
    }

    /// <summary>Whether it has said that it has no room, and the time it named is not over.</summary>
    public bool IsLeftAlone(TimeSpan now)
    {
        lock (_gate) return _leftAloneUntil > now;
    }

    /// <summary>Whether a request may go there.</summary>
    public bool Admits(TimeSpan now, CircuitSettings? settings)
    {
        lock (_gate) return AdmitsLocked(now, settings);
    }

    /// <summary>Takes a place there.</summary>
    /// <param name="now">The time.</param>
    /// <param name="settings">When it is left out.</param>
    /// <param name="inNeed">Whether the pool has no other.</param>
    /// <param name="isTrial">Whether the request finds out if it is well again.</param>
    /// <returns>False when another request was faster.</returns>
    public bool TryEnter(TimeSpan now, CircuitSettings? settings, bool inNeed, out bool isTrial)
    {
        lock (_gate)
        {
            isTrial = false;
            if (inNeed ? ReturnInNeed > now : !AdmitsLocked(now, settings)) return false;
            isTrial = settings is not null && _circuit.Phase != CircuitPhase.Closed;
            if (isTrial) _circuit = _circuit.Tried(now);
            if (inNeed) _neededAt = now;
            _outstanding++;
            return true;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave()
    {
        lock (_gate) _outstanding--;
    }

    /// <summary>It answered a request.</summary>
    /// <returns>Whether it has come back by this.</returns>
    public bool Succeed(bool trial, TimeSpan now, CircuitSettings settings)
    {
        lock (_gate)
        {
            var before = _circuit.Phase;
            _circuit = _circuit.Succeeded(trial, now, settings);
            return before != CircuitPhase.Closed && _circuit.Phase == CircuitPhase.Closed;
        }
    }

    /// <summary>It failed a request.</summary>
    /// <returns>Whether it rests from now on.</returns>
    public bool Fail(bool trial, TimeSpan now, CircuitSettings? settings, ServerFault fault)
    {
        lock (_gate)
        {
            LastFault = fault;
            if (settings is null) return false;
            var before = _circuit.Phase;
            _circuit = _circuit.Failed(trial, now, settings, Random.Shared.NextDouble());
            return before == CircuitPhase.Closed && _circuit.Phase == CircuitPhase.Open;
        }
    }

    /// <summary>A trial came to nothing that tells of it.</summary>
    public void Abandon()
    {
        lock (_gate) _circuit = _circuit.Abandoned();
    }

    /// <summary>It has no room until then.</summary>
    /// <param name="until">When to come back.</param>
    /// <param name="said">Whether it said so itself: it is then left alone, even when the pool has no other.</param>
    public void Rest(TimeSpan until, bool said)
    {
        lock (_gate)
        {
            if (said && until > _leftAloneUntil) _leftAloneUntil = until;
            if (until > _restsUntil) _restsUntil = until;
        }
    }

    /// <summary>A probe has come back.</summary>
    /// <returns>What is known by now, when that has changed.</returns>
    public bool? Probed(bool well, int unhealthyAfter, int healthyAfter, ServerFault? fault)
    {
        lock (_gate)
        {
            if (fault is not null) LastFault = fault;

            // Counted from 0 upwards while they succeed, downwards while they fail.
            _probes = well ? Math.Max(_probes, 0) + 1 : Math.Min(_probes, 0) - 1;
            if (well ? IsProbedWell == true || (IsProbedWell == false && _probes < healthyAfter) : IsProbedWell == false || -_probes < unhealthyAfter) return null;
            IsProbedWell = well;
            return well;
        }
    }

    /// <summary>Probes were switched off: nothing is known by them.</summary>
    public void ForgetProbes()
    {
        lock (_gate) (IsProbedWell, _probes) = (null, 0);
    }

    /// <summary>A request waits there for its first byte.</summary>
    public void Wait(UpstreamDeadline deadline)
    {
        lock (_gate) _waiting.Add(deadline);
    }

    /// <summary>It no longer does.</summary>
    public void StopWaiting(UpstreamDeadline deadline)
    {
        lock (_gate) _waiting.Remove(deadline);
    }

    /// <summary>Sends away the requests that wait there for their first byte.</summary>
    /// <returns>How many.</returns>
    public int MoveWaiting()
    {
        UpstreamDeadline[] waiting;
        lock (_gate)
        {
            if (_waiting.Count == 0) return 0;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var deadline in waiting) deadline.Move();
        return waiting.Length;
    }

    private bool AdmitsLocked(TimeSpan now, CircuitSettings? settings) =>
        IsProbedWell != false && now >= _restsUntil && (settings is null || _circuit.Admits(now, settings));
}
