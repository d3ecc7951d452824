using System.Diagnostics;
using System.Text;

namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Turns a pattern into an automaton over the JSON strings whose value it matches, anywhere in the value.</summary>
/// <remarks>
/// Characters are written as they are where JSON lets them, else by the one escape that is shortest: every value has one
/// spelling, and a code point is told apart by its first byte.
/// </remarks>
internal sealed class PatternCompiler
{
    private const int MaxWork = 200_000;

    private readonly ByteNfa _nfa = new();
    private readonly Dictionary<(byte Low, byte High, int To), int> _tails = [];
    private int _work;

    private PatternCompiler() { }

    /// <summary>The automaton of a pattern with bounds on the length in code points.</summary>
    /// <exception cref="PatternException">The pattern is outside the subset, needs more states, or nothing matches it.</exception>
    public static ByteAutomaton Compile(string pattern, int minLength, int maxLength, int maxStates)
    {
        var compiler = new PatternCompiler();
        var start = compiler._nfa.New();
        compiler.Letter(start, CodePointSet.All, start);
        var matched = compiler.Emit(PatternParser.Parse(pattern), start);
        var rest = compiler._nfa.New();
        compiler._nfa.Skip(matched, rest);
        compiler.Letter(rest, CodePointSet.All, rest);

        var draft = SubsetConstruction.OfString(compiler._nfa, start, rest, maxStates);
        if (minLength > 0 || maxLength < int.MaxValue)
            draft = LengthBounds.Apply(draft, minLength, maxLength, maxStates);
        return draft.Finish();
    }

    // Adds a pattern behind a state; returns the state after it.
    private int Emit(PatternNode node, int from)
    {
        // Nothing repeated makes no states, but it must not take for ever either.
        if (++_work > MaxWork)
            throw new PatternException("its quantifiers unfold to too many parts");
        int to;
        switch (node)
        {
            case PatternNode.Letter letter:
                to = _nfa.New();
                Letter(from, letter.Set, to);
                return to;
            case PatternNode.Sequence sequence:
                return sequence.Parts.Aggregate(from, (at, part) => Emit(part, at));
            case PatternNode.Either either:
                to = _nfa.New();
                foreach (var option in either.Options)
                    _nfa.Skip(Emit(option, Behind(from)), to);
                return to;
            case PatternNode.Repeat repeat:
                return Emit(repeat, from);
            case PatternNode.AtStart:
                to = _nfa.New();
                _nfa.Skip(from, to, ByteNfa.When.AtStart);
                return to;
            case PatternNode.AtEnd:
                to = _nfa.New();
                _nfa.Skip(from, to, ByteNfa.When.AtEnd);
                return to;
            default:
                throw new UnreachableException();
        }
    }

    private int Emit(PatternNode.Repeat repeat, int from)
    {
        for (var i = 0; i < repeat.Min; i++)
            from = Emit(repeat.Part, from);
        if (repeat.Max is not { } max)
        {
            var loop = Behind(from);
            _nfa.Skip(Emit(repeat.Part, Behind(loop)), loop);
            return loop;
        }
        var end = _nfa.New();
        for (var i = repeat.Min; i < max; i++)
        {
            _nfa.Skip(from, end);
            from = Emit(repeat.Part, Behind(from));
        }
        _nfa.Skip(from, end);
        return end;
    }

    // A state of its own, so that what is added behind it is not also behind the other.
    private int Behind(int state)
    {
        var next = _nfa.New();
        _nfa.Skip(state, next);
        return next;
    }

    private void Letter(int from, CodePointSet set, int to)
    {
        foreach (var (low, high) in set.Ranges)
        {
            for (var codePoint = low; codePoint <= Math.Min(high, 0x1F); codePoint++)
                Bytes(from, Encoding.ASCII.GetBytes(EscapeOf(codePoint)), to);
            for (var codePoint = Math.Max(low, 0x20); codePoint <= Math.Min(high, '\\'); codePoint++)
            {
                if (codePoint is '"' or '\\')
                    Bytes(from, [(byte)'\\', (byte)codePoint], to);
                else
                    _nfa.Edge(from, (byte)codePoint, (byte)codePoint, to);
            }
            if (high > '\\')
                Utf8Ranges.Split(Math.Max(low, '\\' + 1), high, (lows, highs) => Ranges(from, lows, highs, to));
        }
    }

    private void Bytes(int from, byte[] bytes, int to) => Ranges(from, bytes, bytes, to);

    private void Ranges(int from, ReadOnlySpan<byte> lows, ReadOnlySpan<byte> highs, int to)
    {
        for (var i = lows.Length - 1; i > 0; i--)
        {
            var key = (lows[i], highs[i], to);
            if (!_tails.TryGetValue(key, out var tail))
            {
                tail = _nfa.New(inner: true);
                _nfa.Edge(tail, lows[i], highs[i], to);
                _tails.Add(key, tail);
            }
            to = tail;
        }
        _nfa.Edge(from, lows[0], highs[0], to);
    }

    private static string EscapeOf(int control) => control switch
    {
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{control:x4}",
    };
}
