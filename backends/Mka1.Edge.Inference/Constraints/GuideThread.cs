using System.Diagnostics;
using Mka1.Edge.Inference.Constraints.Masks;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>One way to read the text so far: the leaf it stands in, and the frames below.</summary>
internal readonly record struct GuideThread
{
    private enum Leaf : byte
    {
        /// <summary>The whole text is complete.</summary>
        End,
        Literal,
        Text,
        Number,
        Automaton,
        Key,
    }

    private Leaf At { get; init; }

    private GuideFrame? Frame { get; init; }

    private byte[]? Bytes { get; init; }

    private int Position { get; init; }

    private GrammarNode? Node { get; init; }

    private JsonStringState TextState { get; init; }

    private JsonNumberState NumberState { get; init; }

    private MapKeyState? KeyState { get; init; }

    /// <summary>Nothing may follow.</summary>
    public bool IsEnd => At == Leaf.End;

    /// <summary>The text may end here. A number has no closing mark: it may end, or go on.</summary>
    public bool CanEnd => IsEnd || (Frame is null && IsCompleteNumber);

    // Has no closing mark, so that what follows it may begin with the next byte.
    private bool IsCompleteNumber => At switch
    {
        Leaf.Number => NumberState.IsComplete,
        Leaf.Automaton => ((GrammarNode.Automaton)Node!).Bytes.IsComplete(Position),
        _ => false,
    };

    /// <summary>The fewest bytes to the end of the whole text.</summary>
    public long MinRemaining => At switch
    {
        Leaf.End => 0,
        Leaf.Literal => Bytes!.Length - Position + (Frame?.MinRemaining ?? 0),
        Leaf.Text => TextState.MinRemaining(((GrammarNode.Text)Node!).MinLength) + (Frame?.MinRemaining ?? 0),
        Leaf.Number => NumberState.MinRemaining + (Frame?.MinRemaining ?? 0),
        Leaf.Automaton => ((GrammarNode.Automaton)Node!).Bytes.MinRemaining(Position) + (Frame?.MinRemaining ?? 0),
        Leaf.Key => KeyState!.MinRemaining(((GuideFrame.AtKey)Frame!).Seen) + ((GuideFrame.AtKey)Frame).MinRemainingAfterKey,
        _ => throw new UnreachableException(),
    };

    public static GuideThread End => default;

    /// <summary>A fixed text, then what the frame says.</summary>
    public static GuideThread Literal(byte[] bytes, GuideFrame? frame) => new() { At = Leaf.Literal, Bytes = bytes, Frame = frame };

    public static GuideThread Text(GrammarNode.Text node, GuideFrame? frame) => new() { At = Leaf.Text, Node = node, Frame = frame };

    public static GuideThread Number(GrammarNode.Number node, GuideFrame? frame) => new() { At = Leaf.Number, Node = node, Frame = frame };

    public static GuideThread Automaton(GrammarNode.Automaton node, GuideFrame? frame) => new() { At = Leaf.Automaton, Node = node, Frame = frame };

    public static GuideThread Key(GuideFrame.AtKey frame) => new() { At = Leaf.Key, KeyState = MapKeyState.Start, Frame = frame };

    /// <summary>The next byte of a fixed text; null where there is a choice.</summary>
    public byte? LiteralByte => At == Leaf.Literal ? Bytes![Position] : null;

    /// <summary>What the text within this string, number or key may be, apart from what surrounds it; null where it stands in none.</summary>
    /// <param name="reach">Code points within which a bound on the length is minded.</param>
    public LeafState? LeafWithin(int reach) => At switch
    {
        Leaf.Text => LeafState.OfText(TextState, (GrammarNode.Text)Node!, reach),
        Leaf.Number => LeafState.OfNumber(NumberState, ((GrammarNode.Number)Node!).Integer),
        Leaf.Automaton => LeafState.OfAutomaton(((GrammarNode.Automaton)Node!).Bytes, Position),
        Leaf.Key => LeafState.OfKey(KeyState!),
        _ => null,
    };

    /// <summary>Adds the ways to go on once that string, number or key has ended.</summary>
    public void AddExits(List<GuideThread> next)
    {
        if (At == Leaf.Key)
            next.Add(GuideSteps.AfterKey((GuideFrame.AtKey)Frame!, KeyState!));
        else
            GuideSteps.Leave(Frame, next);
    }

    /// <summary>Takes one byte and adds to <paramref name="next"/> the ways in which the text can be read then: none if it cannot.</summary>
    public void Step(byte value, List<GuideThread> next)
    {
        switch (At)
        {
            case Leaf.Literal when Bytes![Position] == value:
                if (Position + 1 == Bytes.Length)
                    GuideSteps.Leave(Frame, next);
                else
                    next.Add(this with { Position = Position + 1 });
                break;
            case Leaf.Text:
                var text = (GrammarNode.Text)Node!;
                if (!TextState.TryStep(value, text.MinLength, text.MaxLength, out var textState))
                    break;
                if (textState.IsClosed)
                    GuideSteps.Leave(Frame, next);
                else
                    next.Add(this with { TextState = textState });
                break;
            case Leaf.Number:
                if (NumberState.TryStep(value, ((GrammarNode.Number)Node!).Integer, out var numberState))
                    next.Add(this with { NumberState = numberState });
                else if (NumberState.IsComplete && Frame is not null)
                    StepPast(value, next);
                break;
            case Leaf.Automaton:
                var automaton = ((GrammarNode.Automaton)Node!).Bytes;
                var state = automaton.Next(Position, value);
                if (state < 0 && automaton.IsComplete(Position) && Frame is not null)
                    StepPast(value, next);
                else if (state >= 0 && automaton.IsClosed(state))
                    GuideSteps.Leave(Frame, next);
                else if (state >= 0)
                    next.Add(this with { Position = state });
                break;
            case Leaf.Key:
                var frame = (GuideFrame.AtKey)Frame!;
                if (!KeyState!.TryStep(value, frame.Seen, out var keyState))
                    break;
                if (keyState is null)
                    next.Add(GuideSteps.AfterKey(frame, KeyState));
                else
                    next.Add(this with { KeyState = keyState });
                break;
        }
    }

    // The number ended before this byte: the byte belongs to what follows it, which always starts with a mark of its own.
    private void StepPast(byte value, List<GuideThread> next)
    {
        var before = next.Count;
        GuideSteps.Leave(Frame, next);
        var after = next.Count;
        for (var i = before; i < after; i++)
            next[i].Step(value, next);
        next.RemoveRange(before, after - before);
    }
}
