using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Mka1.Edge.Inference.Constraints.Patterns;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints.Masks;

/// <summary>What is known of one vocabulary: its tokens as a tree, and the masks worked out so far. Shared by all requests.</summary>
/// <remarks>
/// A mask is kept for each place within a string, number or key: those recur in all grammars, while what surrounds them does
/// not. The masks of a pattern go when its grammar goes.
/// </remarks>
internal sealed class TokenMasks
{
    /// <summary>Masks kept of plain strings, numbers and keys; and of each pattern. What does not find room is worked out each time.</summary>
    public const int MaxMasks = 512;

    private static readonly ConditionalWeakTable<Tokenizer, TokenMasks> Known = [];

    private readonly Tokenizer _tokenizer;
    private readonly Func<int, ReadOnlyMemory<byte>> _bytesOf;
    private readonly ConcurrentDictionary<LeafState, LeafMask> _plain = [];
    private readonly ConditionalWeakTable<ByteAutomaton, ConcurrentDictionary<LeafState, LeafMask>> _patterns = [];

    private TokenMasks(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _bytesOf = id => _tokenizer[id].Bytes;
        Vocabulary = new TokenTrie(tokenizer.Tokens.ToArray().Where(token => token.Kind == TokenKind.Text && !token.Bytes.IsEmpty).Select(token => (token.Bytes, token.Id)));
    }

    /// <summary>All tokens of text.</summary>
    public TokenTrie Vocabulary { get; }

    /// <summary>The masks of a tokenizer; made when first asked for.</summary>
    public static TokenMasks Of(Tokenizer tokenizer) => Known.GetValue(tokenizer, static key => new TokenMasks(key));

    /// <summary>How many words a mask has.</summary>
    public static int Words(int vocabulary) => (vocabulary + 63) / 64;

    /// <summary>Adds one token to a mask.</summary>
    public static void Add(Span<ulong> mask, int id) => mask[id >> 6] |= 1UL << (id & 63);

    /// <summary>Adds the tokens that end the turn.</summary>
    public void AddEndOfTurn(Span<ulong> mask)
    {
        foreach (var id in _tokenizer.EndOfTurnIds)
            Add(mask, id);
    }

    /// <summary>The mask of a place.</summary>
    public LeafMask Of(in LeafState leaf)
    {
        var kept = leaf.Automaton is null ? _plain : _patterns.GetValue(leaf.Automaton, static _ => []);
        if (kept.TryGetValue(leaf, out var mask))
            return mask;
        mask = LeafMask.Compute(leaf, Vocabulary, _bytesOf, Words(_tokenizer.VocabularySize));
        if (kept.Count < MaxMasks)
            kept.TryAdd(leaf, mask);
        return mask;
    }

    /// <summary>Sets the scores of all tokens outside a mask to minus infinity.</summary>
    public static void Apply(ReadOnlySpan<ulong> mask, Span<float> scores)
    {
        var bytes = MemoryMarshal.AsBytes(mask);
        var bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var refused = Vector256.Create(float.NegativeInfinity);
        ref var first = ref MemoryMarshal.GetReference(scores);
        var done = 0;
        for (; done + 8 <= scores.Length && BitConverter.IsLittleEndian; done += 8)
        {
            var chosen = Vector256.Equals(Vector256.Create((int)bytes[done >> 3]) & bits, bits).AsSingle();
            var kept = Vector256.ConditionalSelect(chosen, Vector256.LoadUnsafe(ref first, (nuint)done), refused);
            kept.StoreUnsafe(ref first, (nuint)done);
        }
        for (; done < scores.Length; done++)
        {
            if ((mask[done >> 6] & (1UL << (done & 63))) == 0)
                scores[done] = float.NegativeInfinity;
        }
    }
}
