namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>Counts the code points of an automaton's strings and keeps those whose number lies within bounds.</summary>
internal static class LengthBounds
{
    public static AutomatonDraft Apply(AutomatonDraft strings, int min, int max, int maxStates)
    {
        var bounded = new AutomatonDraft(maxStates);
        var known = new Dictionary<(int State, int Length), int>();
        var open = new Queue<(int State, int Length)>();
        bounded.Add(AutomatonDraft.Place.Before);
        bounded.Closed = bounded.Add(AutomatonDraft.Place.Closed);
        known.Add((0, 0), 0);
        open.Enqueue((0, 0));
        while (open.TryDequeue(out var at))
        {
            var place = strings.PlaceOf(at.State);
            foreach (var edge in strings.Edges(at.State))
            {
                var to = strings.PlaceOf(edge.To);
                if (to == AutomatonDraft.Place.Closed)
                {
                    if (at.Length >= min)
                        bounded.Edges(known[at]).Add(edge with { To = bounded.Closed });
                    continue;
                }
                if (place == AutomatonDraft.Place.Between && at.Length == max)
                    continue;

                // With no upper bound, more than enough is as good as enough.
                var length = place == AutomatonDraft.Place.Before || to == AutomatonDraft.Place.Within || (max == int.MaxValue && at.Length == min) ? at.Length : at.Length + 1;
                var next = (edge.To, length);
                if (!known.TryGetValue(next, out var state))
                {
                    state = bounded.Add(to);
                    known.Add(next, state);
                    open.Enqueue(next);
                }
                bounded.Edges(known[at]).Add(edge with { To = state });
            }
        }
        return bounded;
    }
}
