namespace Mka1.Edge.Policies.Routing;

/// <summary>Adds signals up, and keeps them when somebody wants to know.</summary>
internal struct SignalSum(bool explain)
{
    private readonly List<Contribution>? _kept = explain ? new List<Contribution>(4) : null;

    public float Level { get; private set; }

    /// <summary>Whether anything spoke at all.</summary>
    public bool Any { get; private set; }

    public readonly bool Explains => _kept is not null;

    public readonly IReadOnlyList<Contribution> Contributions => _kept ?? (IReadOnlyList<Contribution>)[];

    public void Add(bool applies, float points, string reason)
    {
        if (!applies) return;
        Any = true;
        Level += points;
        _kept?.Add(new Contribution(points, reason));
    }
}
