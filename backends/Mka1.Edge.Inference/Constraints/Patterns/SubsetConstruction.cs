namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Makes a nondeterministic automaton deterministic.</summary>
internal sealed class SubsetConstruction
{
    // Steps over edges; a hostile pattern is refused within a fraction of a second.
    private const int MaxWork = 5_000_000;

    private readonly ByteNfa _nfa;
    private readonly int _accept;
    private readonly AutomatonDraft _draft;
    private readonly Dictionary<int[], int> _known = new(new SetComparer());
    private readonly Queue<(int[] Set, int State)> _open = new();
    private readonly int[] _mark;
    private readonly bool _quoted;
    private int _round;
    private int _work;

    private SubsetConstruction(ByteNfa nfa, int accept, bool quoted, int maxStates)
    {
        (_nfa, _accept, _quoted) = (nfa, accept, quoted);
        _draft = new AutomatonDraft(maxStates);
        _mark = new int[nfa.Count];
    }

    /// <summary>What the automaton reads, as it is: it may end, or go on.</summary>
    public static AutomatonDraft OfNumber(ByteNfa nfa, int start, int accept, int maxStates)
    {
        var construction = new SubsetConstruction(nfa, accept, quoted: false, maxStates);
        construction.Run(start);
        return construction._draft;
    }

    /// <summary>What the automaton reads between quotes; once the state <paramref name="rest"/> is reached, any text may follow.</summary>
    public static AutomatonDraft OfString(ByteNfa nfa, int start, int rest, int maxStates)
    {
        var construction = new SubsetConstruction(nfa, rest, quoted: true, maxStates);
        construction._draft.Add(AutomatonDraft.Place.Before);
        construction._draft.Closed = construction._draft.Add(AutomatonDraft.Place.Closed);
        var inside = construction._draft.Count;
        construction._draft.Edges(0).Add(new ByteEdge((byte)'"', (byte)'"', inside));
        construction.Run(start);
        return construction._draft;
    }

    private void Run(int start)
    {
        // Kept out of the table: only here may a step "at the start" be taken, so no other set is the same as this one.
        var set = Closure([start], atStart: true, atEnd: false);
        _open.Enqueue((set, _draft.Add(AutomatonDraft.Place.Between)));
        Expand(atStart: true);
        while (_open.Count > 0)
            Expand(atStart: false);
    }

    private void Expand(bool atStart)
    {
        var (set, state) = _open.Dequeue();
        Span<bool> cuts = stackalloc bool[257];
        cuts.Clear();
        foreach (var member in set)
        {
            foreach (var edge in _nfa[member].Edges)
            {
                cuts[edge.Low] = cuts[edge.High + 1] = true;
                _work++;
            }
        }
        // The bytes between two cuts lead to the same states.
        Span<int> rangeOf = stackalloc int[256];
        var ranges = 0;
        for (var value = 0; value < 256; value++)
            rangeOf[value] = value > 0 && cuts[value] ? ++ranges : ranges;
        var targets = new List<int>?[ranges + 1];
        foreach (var member in set)
        {
            foreach (var edge in _nfa[member].Edges)
            {
                for (var range = rangeOf[edge.Low]; range <= rangeOf[edge.High]; range++)
                {
                    (targets[range] ??= []).Add(edge.To);
                    _work++;
                }
            }
        }
        for (var low = 0; low < 256;)
        {
            var high = low;
            while (high < 255 && rangeOf[high + 1] == rangeOf[low])
                high++;
            if (targets[rangeOf[low]] is { } reached)
                _draft.Edges(state).Add(new ByteEdge((byte)low, (byte)high, StateOf(Closure(reached, atStart: false, atEnd: false))));
            low = high + 1;
        }
        if (_work > MaxWork)
            throw new PatternException("it takes too long to compile");
        if (!Array.TrueForAll(set, member => !_nfa[member].Inner) || !Contains(Closure(set, atStart, atEnd: true), _accept))
            return;
        if (_quoted)
            _draft.Edges(state).Add(new ByteEdge((byte)'"', (byte)'"', _draft.Closed));
        else
            _draft.SetAccepting(state);
    }

    private int StateOf(int[] set)
    {
        if (_known.TryGetValue(set, out var state))
            return state;
        state = _draft.Add(Array.Exists(set, member => _nfa[member].Inner) ? AutomatonDraft.Place.Within : AutomatonDraft.Place.Between);
        _known.Add(set, state);
        _open.Enqueue((set, state));
        return state;
    }

    private int[] Closure(IEnumerable<int> states, bool atStart, bool atEnd)
    {
        _round++;
        var reached = new List<int>();
        foreach (var state in states)
            Reach(state);
        for (var i = 0; i < reached.Count; i++)
        {
            foreach (var (to, when) in _nfa[reached[i]].Skips)
            {
                _work++;
                if (when == ByteNfa.When.Always || (when == ByteNfa.When.AtStart ? atStart : atEnd))
                    Reach(to);
            }
        }

        // Whatever else is reached adds nothing to "any text may follow".
        if (_quoted && _mark[_accept] == _round)
            return [_accept];

        // States that only lead on are told by where they lead.
        reached.RemoveAll(state => _nfa[state].Edges.Count == 0 && state != _accept && _nfa[state].Skips.TrueForAll(static skip => skip.When == ByteNfa.When.Always));
        reached.Sort();
        return [.. reached];

        void Reach(int state)
        {
            if (_mark[state] == _round)
                return;
            _mark[state] = _round;
            reached.Add(state);
        }
    }

    private static bool Contains(int[] set, int state) => Array.BinarySearch(set, state) >= 0;

    private sealed class SetComparer : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] obj)
        {
            var hash = default(HashCode);
            foreach (var state in obj)
                hash.Add(state);
            return hash.ToHashCode();
        }
    }
}
