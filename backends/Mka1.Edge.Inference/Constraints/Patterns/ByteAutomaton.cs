namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>A deterministic automaton over the bytes of one JSON value. Immutable; from every state an end can be reached.</summary>
internal sealed class ByteAutomaton
{
    private readonly byte[] _classOf = new byte[256];
    private readonly int _classes;
    private readonly int[] _next;
    private readonly int[] _distances;
    private readonly bool[] _closed;

    /// <param name="edges">For each state, disjoint ranges of bytes and where they lead.</param>
    /// <param name="distances">For each state, the fewest bytes to an end: 0 where the value may end.</param>
    public ByteAutomaton(IReadOnlyList<List<ByteEdge>> edges, int[] distances)
    {
        _distances = distances;
        _closed = new bool[edges.Count];
        var cuts = new bool[257];
        foreach (var edge in edges.SelectMany(list => list))
            cuts[edge.Low] = cuts[edge.High + 1] = true;
        for (var value = 1; value < 256; value++)
            _classOf[value] = (byte)(_classOf[value - 1] + (cuts[value] ? 1 : 0));
        _classes = _classOf[255] + 1;

        _next = new int[edges.Count * _classes];
        Array.Fill(_next, -1);
        for (var state = 0; state < edges.Count; state++)
        {
            _closed[state] = distances[state] == 0 && edges[state].Count == 0;
            foreach (var edge in edges[state])
                _next.AsSpan((state * _classes) + _classOf[edge.Low], _classOf[edge.High] - _classOf[edge.Low] + 1).Fill(edge.To);
        }
    }

    /// <summary>How many states there are; the start is 0.</summary>
    public int States => _closed.Length;

    /// <summary>Where a byte leads; below 0 when it cannot stand here.</summary>
    public int Next(int state, byte value) => _next[(state * _classes) + _classOf[value]];

    /// <summary>The fewest bytes after which the value may end.</summary>
    public int MinRemaining(int state) => _distances[state];

    /// <summary>The value may end here.</summary>
    public bool IsComplete(int state) => _distances[state] == 0;

    /// <summary>The value must end here.</summary>
    public bool IsClosed(int state) => _closed[state];
}
