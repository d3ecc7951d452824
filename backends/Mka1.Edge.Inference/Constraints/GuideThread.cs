using System.Diagnostics;

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
    public bool CanEnd => IsEnd || (At == Leaf.Number && Frame is null && NumberState.IsComplete);

    /// <summary>The fewest bytes to the end of the whole text.</summary>
    public long MinRemaining => At switch
    {
        Leaf.End => 0,
        Leaf.Literal => Bytes!.Length - Position + (Frame?.MinRemaining ?? 0),
        Leaf.Text => TextState.MinRemaining(((GrammarNode.Text)Node!).MinLength) + (Frame?.MinRemaining ?? 0),
        Leaf.Number => NumberState.MinRemaining + (Frame?.MinRemaining ?? 0),
        Leaf.Key => KeyState!.MinRemaining(((GuideFrame.AtKey)Frame!).Seen) + ((GuideFrame.AtKey)Frame).MinRemainingAfterKey,
        _ => throw new UnreachableException(),
    };

    public static GuideThread End => default;

    /// <summary>A fixed text, then what the frame says.</summary>
    public static GuideThread Literal(byte[] bytes, GuideFrame? frame) => new() { At = Leaf.Literal, Bytes = bytes, Frame = frame };

    public static GuideThread Text(GrammarNode.Text node, GuideFrame? frame) => new() { At = Leaf.Text, Node = node, Frame = frame };

    public static GuideThread Number(GrammarNode.Number node, GuideFrame? frame) => new() { At = Leaf.Number, Node = node, Frame = frame };

    public static GuideThread Key(GuideFrame.AtKey frame) => new() { At = Leaf.Key, KeyState = MapKeyState.Start, Frame = frame };

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
