namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>What this replica knows of a model server now. It outlives configurations: a reload forgets nothing of it.</summary>
internal sealed class ServerState
{
    private int _outstanding;
    private volatile bool _isDrained;

    /// <summary>Requests of this replica under way there.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Whether an operator takes it out: it gets nothing new and finishes what it has.</summary>
    public bool IsDrained
    {
        get => _isDrained;
        set => _isDrained = value;
    }

    public bool IsAvailable => !IsDrained;

    public void Enter() => Interlocked.Increment(ref _outstanding);

    public void Leave() => Interlocked.Decrement(ref _outstanding);
}
