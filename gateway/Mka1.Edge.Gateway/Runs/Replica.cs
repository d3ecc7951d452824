namespace Mka1.Edge.Gateway.Runs;

/// <summary>This process among the replicas: its name, and whether the store has heard from it in time.</summary>
internal sealed class Replica(TimeProvider clock)
{
    private long _lastBeat;
    private long _aliveSince;
    private TimeSpan _lease;
    private volatile bool _stopped;

    /// <summary>New at every start: a process that comes back is not the one that went.</summary>
    public string Id { get; } = "edge_" + Guid.NewGuid().ToString("N");

    /// <summary>Whether the store holds a lease of ours that is not over.</summary>
    public bool IsAlive => !IsStopped && _lastBeat != 0 && clock.GetElapsedTime(_lastBeat) < _lease;

    /// <summary>
    /// Whether beats have come through for a whole lease. Only then may others' runs be taken over: after an outage of the store
    /// every lease looks over, until each replica has had the time to say that it is there.
    /// </summary>
    public bool MayTakeOver => IsAlive && clock.GetElapsedTime(_aliveSince) >= _lease;

    /// <summary>Counts the leases that did not follow on the one before: what was ours in an earlier one may be somebody else's now.</summary>
    public int Term { get; private set; }

    /// <summary>Whether the store answered when it was last asked.</summary>
    public bool StoreAnswers { get; private set; } = true;

    /// <summary>A beat that was sent at <paramref name="sentAt"/> came through.</summary>
    public void Beat(long sentAt, TimeSpan lease)
    {
        if (!IsAlive)
        {
            _aliveSince = sentAt;
            Term++;
        }

        (_lastBeat, _lease) = (sentAt, lease);
        StoreAnswers = true;
    }

    /// <summary>A beat did not come through.</summary>
    public void Miss()
    {
        _aliveSince = clock.GetTimestamp();
        StoreAnswers = false;
    }

    /// <summary>Whether it was told to stop.</summary>
    public bool IsStopped => _stopped;

    /// <summary>No more work is taken.</summary>
    public void Stop() => _stopped = true;
}
