namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>What is wrong with what a client got of a stream, over all its connections.</summary>
/// <param name="Missing">Events it never got.</param>
/// <param name="Duplicate">Events it got again.</param>
/// <param name="Reordered">Events that came after a later one.</param>
/// <param name="Differing">Events that are not the bytes an uninterrupted reader got.</param>
/// <param name="Terminals">Terminal events; one is right.</param>
/// <param name="WrongText">Whether the text is not the one that was to come.</param>
internal sealed record StreamVerdict(int Missing, int Duplicate, int Reordered, int Differing, int Terminals, bool WrongText)
{
    public static StreamVerdict Good { get; } = new(0, 0, 0, 0, 1, false);

    /// <param name="received">The events of all connections, one after the other.</param>
    /// <param name="reference">The events of a reader that was not interrupted.</param>
    /// <param name="text">The text that the deltas and the end must hold; null when there is no telling.</param>
    public static StreamVerdict Of(IReadOnlyList<ReceivedEvent> received, IReadOnlyList<ReceivedEvent> reference, string? text)
    {
        var whole = reference.ToDictionary(e => e.Sequence);
        var last = reference.Count == 0 ? -1 : reference.Max(e => e.Sequence);
        var seen = new HashSet<long>();
        var (duplicate, reordered, differing, highest) = (0, 0, 0, -1L);
        foreach (var e in received)
        {
            if (!seen.Add(e.Sequence)) duplicate++;
            else if (e.Sequence < highest) reordered++;
            highest = Math.Max(highest, e.Sequence);
            if (!whole.TryGetValue(e.Sequence, out var same) || same != e) differing++;
        }

        var missing = Enumerable.Range(0, (int)last + 1).Count(number => !seen.Contains(number) || !whole.ContainsKey(number));
        return new StreamVerdict(missing, duplicate, reordered, differing, received.Count(e => e.IsTerminal), text is not null && !Says(received, text));
    }

    private static bool Says(IReadOnlyList<ReceivedEvent> received, string text) =>
        string.Concat(received.Select(e => e.Delta)) == text
        && received.LastOrDefault(e => e.IsTerminal) is { Name: "response.completed" } end
        && new Answer(System.Net.HttpStatusCode.OK, null, end.Response).Text == text;
}
