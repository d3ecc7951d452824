using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Grammars by the bytes of their schemas: callers send the same few again and again. Safe for use by many at once.</summary>
/// <remarks>
/// With a grammar stay the token masks of its patterns. What was asked for longest ago goes first when the room is used up; a
/// grammar that would take all of it is not kept. A schema that is refused is compiled again each time.
/// </remarks>
/// <param name="vocabulary">Tokens of the vocabulary that the grammars are used with.</param>
/// <param name="maxBytes">Bytes that grammars and their masks may grow to, about.</param>
public sealed class GrammarCache(int vocabulary, long maxBytes = GrammarCache.DefaultMaxBytes)
{
    /// <summary>64 MiB.</summary>
    public const long DefaultMaxBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], LinkedListNode<Entry>> _known = new(SchemaBytesComparer.Instance);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <summary>Grammars kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _known.Count;
        }
    }

    /// <summary>The JSON values that satisfy a schema: <see cref="JsonGrammar.FromSchema"/>, or what it said before.</summary>
    /// <param name="schema">The schema; not needed after the call.</param>
    /// <exception cref="UnsupportedSchemaException">The schema uses a keyword outside the supported subset, or nothing satisfies it.</exception>
    public JsonGrammar FromSchema(JsonElement schema)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(schema);
        lock (_gate)
        {
            if (TryUse(bytes, out var known))
                return known;
        }

        // Compiled outside the lock: it may take a while, and others need not wait for it.
        var grammar = JsonGrammar.FromSchema(schema);
        var size = grammar.Size.Bytes(vocabulary) + (2L * bytes.Length);
        if (size > maxBytes)
            return grammar;
        lock (_gate)
        {
            if (TryUse(bytes, out var known))
                return known;
            var entry = new Entry(bytes.ToArray(), grammar, size);
            _known.Add(entry.Schema, _byUse.AddFirst(entry));
            _bytes += size;
            while (_bytes > maxBytes)
                Drop(_byUse.Last!);
        }
        return grammar;
    }

    private bool TryUse(ReadOnlySpan<byte> schema, [NotNullWhen(true)] out JsonGrammar? grammar)
    {
        grammar = null;
        if (!_known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(schema, out var node))
            return false;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        grammar = node.Value.Grammar;
        return true;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _known.Remove(node.Value.Schema);
        _bytes -= node.Value.Size;
    }

    private readonly record struct Entry(byte[] Schema, JsonGrammar Grammar, long Size);
}
