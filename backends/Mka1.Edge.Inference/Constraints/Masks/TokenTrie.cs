namespace Mka1.Edge.Inference.Constraints.Masks;

/// <summary>Tokens by their bytes: a tree in which tokens with the same beginning share it. Node 0 is the root.</summary>
internal sealed class TokenTrie
{
    // Nodes lie in the order of their depth, so that the children of one lie side by side, and before those of the next.
    private readonly List<byte> _bytes = [0];
    private readonly List<int> _firstChild = [];
    private readonly List<int> _firstToken = [];
    private readonly List<int> _tokens = [];

    /// <param name="entries">Bytes and ids; several ids may have the same bytes.</param>
    public TokenTrie(IEnumerable<(ReadOnlyMemory<byte> Bytes, int Id)> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, static (a, b) => a.Bytes.Span.SequenceCompareTo(b.Bytes.Span));
        MaxLength = sorted.Length == 0 ? 0 : sorted.Max(entry => entry.Bytes.Length);
        var open = new Queue<(int Start, int End, int Depth)>();
        open.Enqueue((0, sorted.Length, 0));
        while (open.TryDequeue(out var node))
        {
            _firstChild.Add(_bytes.Count);
            _firstToken.Add(_tokens.Count);
            var at = node.Start;
            for (; at < node.End && sorted[at].Bytes.Length == node.Depth; at++)
                _tokens.Add(sorted[at].Id);
            while (at < node.End)
            {
                var start = at;
                var value = sorted[at].Bytes.Span[node.Depth];
                while (at < node.End && sorted[at].Bytes.Span[node.Depth] == value)
                    at++;
                _bytes.Add(value);
                open.Enqueue((start, at, node.Depth + 1));
            }
        }
        _firstChild.Add(_bytes.Count);
        _firstToken.Add(_tokens.Count);
    }

    /// <summary>Bytes of the longest token.</summary>
    public int MaxLength { get; }

    /// <summary>Whether there is no token at all.</summary>
    public bool IsEmpty => _tokens.Count == 0;

    /// <summary>The children of a node, in the order of their bytes: first, and one past the last.</summary>
    public (int First, int End) Children(int node) => (_firstChild[node], _firstChild[node + 1]);

    /// <summary>The byte that leads to a node.</summary>
    public byte ByteOf(int node) => _bytes[node];

    /// <summary>The child that a byte leads to; below 0 when there is none.</summary>
    public int Child(int node, byte value)
    {
        var (low, high) = (_firstChild[node], _firstChild[node + 1] - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (_bytes[middle] == value)
                return middle;
            if (_bytes[middle] < value)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }

    /// <summary>Adds the tokens that end at a node.</summary>
    public void AddTokens(int node, Span<ulong> mask)
    {
        for (var i = _firstToken[node]; i < _firstToken[node + 1]; i++)
            TokenMasks.Add(mask, _tokens[i]);
    }

    /// <summary>Adds the ids of all tokens that go through a node or end there.</summary>
    public void CollectBelow(int node, List<int> ids)
    {
        for (var i = _firstToken[node]; i < _firstToken[node + 1]; i++)
            ids.Add(_tokens[i]);
        for (var child = _firstChild[node]; child < _firstChild[node + 1]; child++)
            CollectBelow(child, ids);
    }
}
