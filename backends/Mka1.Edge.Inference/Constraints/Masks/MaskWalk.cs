using System.Numerics.Tensors;

namespace Mka1.Edge.Inference.Constraints.Masks;

/// <summary>Follows the tokens of a vocabulary through all ways in which a text can go on. Keeps buffers: one a guide.</summary>
internal sealed class MaskWalk(TokenMasks masks)
{
    // Ambiguous schemas multiply the ways within one token. The same for every run of a request, whatever is in the caches.
    private const int MaxSteps = 200_000;

    // A bound on a string's length farther off than this is not looked at: few tokens are longer, and each distance that is
    // told apart is a mask of its own.
    private const int Reach = 16;

    private readonly int _reach = Math.Min(Reach, masks.Vocabulary.MaxLength);
    private readonly List<List<GuideThread>> _levels = [];
    private int _steps;

    /// <summary>Adds the tokens by which any of the ways goes on.</summary>
    /// <returns>False when there are too many to follow.</returns>
    public bool TryFill(List<GuideThread> threads, Span<ulong> allowed)
    {
        _steps = 0;
        Level(0).Clear();
        foreach (var thread in threads)
        {
            if (thread.LeafWithin(_reach) is not { } leaf)
            {
                Level(0).Add(thread);
                continue;
            }
            var mask = masks.Of(leaf);
            TensorPrimitives.BitwiseOr(allowed, mask.Inside, allowed);
            if (mask.Exits.IsEmpty)
                continue;
            Level(1).Clear();
            thread.AddExits(Level(1));
            Walk(mask.Exits, 0, 1, allowed);
        }
        Walk(masks.Vocabulary, 0, 0, allowed);
        return _steps <= MaxSteps;
    }

    private void Walk(TokenTrie trie, int node, int level, Span<ulong> allowed)
    {
        var threads = Level(level);
        var (first, end) = trie.Children(node);
        if (first == end || threads.Count == 0)
            return;
        if (!threads.TrueForAll(static thread => thread.IsEnd || thread.LiteralByte is not null))
        {
            for (var child = first; child < end; child++)
                Enter(trie, child, level, allowed);
            return;
        }

        // Fixed texts say themselves which bytes to look for.
        Span<bool> seen = stackalloc bool[256];
        seen.Clear();
        foreach (var thread in threads)
        {
            if (thread.LiteralByte is not { } value || seen[value])
                continue;
            seen[value] = true;
            var child = trie.Child(node, value);
            if (child >= 0)
                Enter(trie, child, level, allowed);
        }
    }

    private void Enter(TokenTrie trie, int child, int level, Span<ulong> allowed)
    {
        var next = Level(level + 1);
        next.Clear();
        var value = trie.ByteOf(child);
        foreach (var thread in Level(level))
        {
            if (++_steps > MaxSteps)
                return;
            thread.Step(value, next);
        }
        if (next.Count == 0)
            return;
        trie.AddTokens(child, allowed);
        Walk(trie, child, level + 1, allowed);
    }

    private List<GuideThread> Level(int level)
    {
        while (_levels.Count <= level)
            _levels.Add([]);
        return _levels[level];
    }
}
