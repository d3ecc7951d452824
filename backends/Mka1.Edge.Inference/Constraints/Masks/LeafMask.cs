namespace Mka1.Edge.Inference.Constraints.Masks;

/// <summary>Which tokens may come at one place within a string, number or key.</summary>
/// <param name="Inside">Those that end within it, one bit a token.</param>
/// <param name="Exits">Those that end it: what is left of them after its end.</param>
internal sealed record LeafMask(ulong[] Inside, TokenTrie Exits)
{
    /// <summary>Goes through the vocabulary once.</summary>
    public static LeafMask Compute(LeafState leaf, TokenTrie vocabulary, Func<int, ReadOnlyMemory<byte>> bytesOf, int words)
    {
        var inside = new ulong[words];
        var exits = new List<(ReadOnlyMemory<byte> Bytes, int Id)>();
        var ids = new List<int>();
        Walk(0, 0, leaf);
        return new LeafMask(inside, new TokenTrie(exits));

        void Walk(int node, int depth, LeafState at)
        {
            var (first, end) = vocabulary.Children(node);
            for (var child = first; child < end; child++)
            {
                var value = vocabulary.ByteOf(child);
                if (at.TryStep(value, out var next, out var closed))
                {
                    vocabulary.AddTokens(child, inside);
                    if (closed)
                        Exit(child, depth + 1);
                    else
                        Walk(child, depth + 1, next);
                }
                else if (at.MayEndBefore && value is (byte)',' or (byte)'}' or (byte)']')
                {
                    Exit(child, depth);
                }
            }
        }

        void Exit(int node, int depth)
        {
            ids.Clear();
            vocabulary.CollectBelow(node, ids);
            foreach (var id in ids)
            {
                if (bytesOf(id).Length > depth)
                    exits.Add((bytesOf(id)[depth..], id));
            }
        }
    }
}
