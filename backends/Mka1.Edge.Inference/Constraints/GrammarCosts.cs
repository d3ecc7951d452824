using System.Diagnostics;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>
/// Finds the shortest value of each node: what lets a guide end any text within its budget. Starts from "impossible" and
/// lowers the figures until none changes; what is still impossible then has no finite value.
/// </summary>
internal static class GrammarCosts
{
    public static void Close(IReadOnlyList<GrammarNode> nodes)
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var node in nodes)
            {
                var (bytes, depth) = Shortest(node);
                if (bytes < node.MinBytes)
                {
                    (node.MinBytes, node.Depth) = (bytes, depth);
                    changed = true;
                }
            }
        }
        while (changed);

        foreach (var record in nodes.OfType<GrammarNode.Record>())
        {
            long rest = 1;
            for (var i = record.Properties.Length - 1; i >= 0; i--)
            {
                record.Rest[i] = rest;
                if (record.Properties[i].Required)
                    rest = Add(rest, Add(record.Properties[i].Next.Length, record.Properties[i].Value.MinBytes));
            }
        }
    }

    private static (long Bytes, int Depth) Shortest(GrammarNode node)
    {
        switch (node)
        {
            case GrammarNode.Literals literals:
                return (literals.Texts.Min(text => text.Length), 0);
            case GrammarNode.Text text:
                return (text.MinLength + 2, 0);
            case GrammarNode.Number:
                return (1, 0);
            case GrammarNode.Automaton automaton:
                return (automaton.Bytes.MinRemaining(0), 0);
            case GrammarNode.Map:
                return (2, 1);
            case GrammarNode.List list when list.MinItems == 0:
                return (2, 1);
            case GrammarNode.List list:
                return (list.Item.MinBytes >= GrammarNode.Impossible / list.MinItems ? GrammarNode.Impossible : ((list.Item.MinBytes + 1) * list.MinItems) + 1, list.Item.Depth + 1);
            case GrammarNode.Choice choice:
                var best = choice.Options.MinBy(option => option.MinBytes);
                return best is null ? (GrammarNode.Impossible, 0) : (best.MinBytes, best.Depth);
            case GrammarNode.Record record:
                long bytes = 1;
                var depth = 0;
                foreach (var property in record.Properties.Where(property => property.Required))
                {
                    bytes = Add(bytes, Add(property.Next.Length, property.Value.MinBytes));
                    depth = Math.Max(depth, property.Value.Depth);
                }

                // The first property has "{" where the others have ",": the same length.
                return (bytes == 1 ? 2 : bytes, depth + 1);
            default:
                throw new UnreachableException();
        }
    }

    private static long Add(long a, long b) => Math.Min(a + b, GrammarNode.Impossible);
}
