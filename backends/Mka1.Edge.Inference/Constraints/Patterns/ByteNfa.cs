namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A nondeterministic automaton over bytes, built piece by piece.</summary>
internal sealed class ByteNfa
{
    private const int MaxStates = 50_000;

    private readonly List<State> _states = [];

    /// <summary>When a step without a byte may be taken.</summary>
    public enum When : byte
    {
        Always,
        AtStart,
        AtEnd,
    }

    public State this[int state] => _states[state];

    public int Count => _states.Count;

    /// <summary>A new state.</summary>
    /// <param name="inner">It stands within a code point or an escape.</param>
    public int New(bool inner = false)
    {
        if (_states.Count == MaxStates)
            throw new PatternException($"it needs more than {MaxStates} states");
        _states.Add(new State(inner));
        return _states.Count - 1;
    }

    public void Edge(int from, byte low, byte high, int to) => _states[from].Edges.Add(new ByteEdge(low, high, to));

    public void Skip(int from, int to, When when = When.Always) => _states[from].Skips.Add((to, when));

    /// <summary>A state: where its bytes lead, and where it leads without one.</summary>
    public sealed class State(bool inner)
    {
        public bool Inner => inner;

        public List<ByteEdge> Edges { get; } = [];

        public List<(int To, When When)> Skips { get; } = [];
    }
}
