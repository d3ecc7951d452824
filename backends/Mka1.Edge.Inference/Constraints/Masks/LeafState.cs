using Mka1.Edge.Inference.Constraints.Patterns;

namespace Mka1.Edge.Inference.Constraints.Masks;

/// <summary>Where a text stands within one string, number or key, apart from what surrounds it: places that are equal allow the same tokens.</summary>
internal readonly record struct LeafState
{
    private enum Kind : byte
    {
        Text,
        Number,
        Automaton,
        Key,
    }

    private Kind Of { get; init; }

    private JsonStringState TextState { get; init; }

    private int Missing { get; init; }

    private int Room { get; init; }

    private JsonNumberState NumberState { get; init; }

    private bool Integer { get; init; }

    private int State { get; init; }

    private (bool Opened, bool Any, Utf8State Utf8) Place { get; init; }

    // Not compared: its place is.
    private KeyLetters Letters { get; init; }

    /// <summary>The automaton that reads it; null for other kinds.</summary>
    public ByteAutomaton? Automaton { get; private init; }

    /// <summary>It may end before the next byte, without a mark of its own.</summary>
    public bool MayEndBefore => Of switch
    {
        Kind.Number => NumberState.IsComplete,
        Kind.Automaton => Automaton!.IsComplete(State),
        _ => false,
    };

    public static LeafState OfText(JsonStringState state, GrammarNode.Text node, int reach)
    {
        var restarted = state.Restart(node.MinLength, node.MaxLength, out var missing, out var room);
        return new() { Of = Kind.Text, TextState = restarted, Missing = Math.Min(missing, reach), Room = room > reach ? int.MaxValue : room };
    }

    public static LeafState OfNumber(JsonNumberState state, bool integer) => new() { Of = Kind.Number, NumberState = state, Integer = integer };

    public static LeafState OfAutomaton(ByteAutomaton automaton, int state) => new() { Of = Kind.Automaton, Automaton = automaton, State = state };

    /// <summary>Whether the key differs from others is not told: that is asked of the token chosen.</summary>
    public static LeafState OfKey(MapKeyState key) => new() { Of = Kind.Key, Place = key.Place, Letters = new(key.Likeness) };

    /// <summary>Takes one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="next">What it leads to.</param>
    /// <param name="closed">It was the last one.</param>
    /// <returns>Whether it can stand here.</returns>
    public bool TryStep(byte value, out LeafState next, out bool closed)
    {
        (next, closed) = (this, false);
        switch (Of)
        {
            case Kind.Text:
                if (!TextState.TryStep(value, Missing, Room, out var text))
                    return false;
                next = this with { TextState = text };
                closed = text.IsClosed;
                return true;
            case Kind.Number:
                var fits = NumberState.TryStep(value, Integer, out var number);
                next = this with { NumberState = number };
                return fits;
            case Kind.Automaton:
                var state = Automaton!.Next(State, value);
                next = this with { State = state };
                closed = state >= 0 && Automaton.IsClosed(state);
                return state >= 0;
            default:
                if (!Letters.State!.TryStep(value, null, out var key))
                    return false;
                closed = key is null;
                next = key is null ? this : OfKey(key);
                return true;
        }
    }

    /// <summary>Carries a key without being part of what makes two places equal.</summary>
    private readonly record struct KeyLetters(MapKeyState? State)
    {
        public bool Equals(KeyLetters other) => true;

        public override int GetHashCode() => 0;
    }
}
