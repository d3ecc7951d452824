namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A deterministic automaton that is still being built; state 0 is its start.</summary>
internal sealed class AutomatonDraft(int maxStates)
{
    private readonly List<List<ByteEdge>> _edges = [];
    private readonly List<Place> _places = [];
    private readonly HashSet<int> _accepting = [];

    /// <summary>Where in a string a state stands.</summary>
    public enum Place : byte
    {
        /// <summary>Before the opening quote.</summary>
        Before,

        /// <summary>Between two code points.</summary>
        Between,

        /// <summary>Within a code point or an escape.</summary>
        Within,

        /// <summary>After the closing quote.</summary>
        Closed,
    }

    public int Count => _places.Count;

    /// <summary>The state after the closing quote; -1 when there are no quotes.</summary>
    public int Closed { get; set; } = -1;

    public int Add(Place place)
    {
        if (_places.Count >= maxStates)
            throw new PatternException($"it needs more than {maxStates} states");
        _places.Add(place);
        _edges.Add([]);
        if (place == Place.Closed)
            _accepting.Add(_places.Count - 1);
        return _places.Count - 1;
    }

    public List<ByteEdge> Edges(int state) => _edges[state];

    public Place PlaceOf(int state) => _places[state];

    public void SetAccepting(int state) => _accepting.Add(state);

    /// <summary>The automaton, without ways that lead nowhere.</summary>
    /// <exception cref="PatternException">Nothing matches.</exception>
    public ByteAutomaton Finish()
    {
        var distances = Distances();
        if (distances[0] == int.MaxValue)
            throw new PatternException("nothing matches it");
        foreach (var edges in _edges)
            edges.RemoveAll(edge => distances[edge.To] == int.MaxValue);
        return new ByteAutomaton(_edges, distances);
    }

    // The fewest bytes from each state to an accepting one, found backwards from those.
    private int[] Distances()
    {
        var before = new List<int>?[Count];
        for (var state = 0; state < Count; state++)
        {
            foreach (var edge in _edges[state])
                (before[edge.To] ??= []).Add(state);
        }
        var distances = new int[Count];
        Array.Fill(distances, int.MaxValue);
        var open = new Queue<int>();
        foreach (var state in _accepting)
        {
            distances[state] = 0;
            open.Enqueue(state);
        }
        while (open.TryDequeue(out var state))
        {
            foreach (var earlier in before[state] ?? [])
            {
                if (distances[earlier] != int.MaxValue)
                    continue;
                distances[earlier] = distances[state] + 1;
                open.Enqueue(earlier);
            }
        }
        return distances;
    }
}
