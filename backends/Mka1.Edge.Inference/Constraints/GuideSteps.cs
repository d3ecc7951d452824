using System.Diagnostics;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>How one value leads to the next: what may be written at the start of a value, and after its end.</summary>
internal static class GuideSteps
{
    /// <summary>Objects and arrays within each other, at most; half of what System.Text.Json reads by default.</summary>
    public const int MaxDepth = 32;

    private static readonly byte[] OpenObject = "{"u8.ToArray();
    private static readonly byte[] CloseObject = "}"u8.ToArray();
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();
    private static readonly byte[] OpenArray = "["u8.ToArray();
    private static readonly byte[] CloseArray = "]"u8.ToArray();
    private static readonly byte[] EmptyArray = "[]"u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Colon = ":"u8.ToArray();

    /// <summary>A value starts.</summary>
    public static void Enter(GrammarNode node, GuideFrame? frame, List<GuideThread> next)
    {
        switch (node)
        {
            case GrammarNode.Literals literals:
                foreach (var text in literals.Texts)
                    next.Add(GuideThread.Literal(text, frame));
                break;
            case GrammarNode.Text text:
                next.Add(GuideThread.Text(text, frame));
                break;
            case GrammarNode.Number number:
                next.Add(GuideThread.Number(number, frame));
                break;
            case GrammarNode.Automaton automaton:
                next.Add(GuideThread.Automaton(automaton, frame));
                break;
            case GrammarNode.Record record:
                AddProperties(record, -1, frame, next);
                if (record.CanEndAfter(-1))
                    next.Add(GuideThread.Literal(EmptyObject, frame));
                break;
            case GrammarNode.Map map:
                next.Add(GuideThread.Literal(EmptyObject, frame));
                if (Fits(map.Value, frame, 1))
                    next.Add(GuideThread.Literal(OpenObject, new GuideFrame.AtKey(map, null, frame)));
                break;
            case GrammarNode.List list:
                if (list.MinItems == 0)
                    next.Add(GuideThread.Literal(EmptyArray, frame));
                if (list.MaxItems > 0 && Fits(list.Item, frame, 1))
                    next.Add(GuideThread.Literal(OpenArray, new GuideFrame.Value(list.Item, new GuideFrame.InList(list, 0, frame))));
                break;
            case GrammarNode.Choice choice:
                foreach (var option in choice.Options)
                {
                    if (Fits(option, frame, 0))
                        Enter(option, frame, next);
                }
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A value, or the mark before one, has ended: goes on as the frame says.</summary>
    public static void Leave(GuideFrame? frame, List<GuideThread> next)
    {
        if (frame is null)
            next.Add(GuideThread.End);
        else
            next.AddRange(frame.Following ??= Following(frame));
    }

    private static GuideThread[] Following(GuideFrame frame)
    {
        var next = new List<GuideThread>();
        switch (frame)
        {
            case GuideFrame.Value value:
                Enter(value.Node, value.Parent, next);
                break;
            case GuideFrame.InRecord record:
                AddProperties(record.Record, record.Index, record.Parent, next);
                if (record.Record.CanEndAfter(record.Index))
                    next.Add(GuideThread.Literal(CloseObject, record.Parent));
                break;
            case GuideFrame.AtKey key:
                next.Add(GuideThread.Key(key));
                break;
            case GuideFrame.InMap map:
                next.Add(GuideThread.Literal(CloseObject, map.Parent));
                if (map.Seen.Count < GrammarNode.Map.MaxEntries)
                    next.Add(GuideThread.Literal(Comma, new GuideFrame.AtKey(map.Map, map.Seen, map.Parent)));
                break;
            case GuideFrame.InList list:
                if (list.Index + 1 >= list.List.MinItems)
                    next.Add(GuideThread.Literal(CloseArray, list.Parent));
                if (list.Index + 1 < list.List.MaxItems)
                    next.Add(GuideThread.Literal(Comma, new GuideFrame.Value(list.List.Item, new GuideFrame.InList(list.List, list.Index + 1, list.Parent))));
                break;
            default:
                throw new UnreachableException();
        }
        return [.. next];
    }

    /// <summary>The key of a map has been closed.</summary>
    public static GuideThread AfterKey(GuideFrame.AtKey frame, MapKeyState key) =>
        GuideThread.Literal(Colon, new GuideFrame.Value(frame.Map.Value, new GuideFrame.InMap(frame.Map, new SeenKeys(key, frame.Seen), frame.Parent)));

    private static void AddProperties(GrammarNode.Record record, int after, GuideFrame? parent, List<GuideThread> next)
    {
        var end = record.LastChoice(after);
        for (var i = after + 1; i < end; i++)
        {
            var property = record.Properties[i];
            if (Fits(property.Value, parent, 1))
                next.Add(GuideThread.Literal(after < 0 ? property.First : property.Next, new GuideFrame.Value(property.Value, new GuideFrame.InRecord(record, i, parent))));
        }
    }

    // Only what can also be ended within the depth is begun, so that no way leads into a dead end.
    private static bool Fits(GrammarNode node, GuideFrame? parent, int opened) => (parent?.Depth ?? 0) + opened + node.Depth <= MaxDepth;
}
