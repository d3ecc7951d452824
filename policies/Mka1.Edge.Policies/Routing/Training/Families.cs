namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>
/// Near-duplicates among the rows: those that share eight words in a row that few rows have. A family is never split between
/// learning and judging, or the result would flatter.
/// </summary>
internal static class Families
{
    private const int Run = 8;
    private const int MostSharing = 8;
    private const int MostWords = 400;

    /// <summary>For each row the first row of its family.</summary>
    public static int[] Of(IReadOnlyList<TrainingRow> rows)
    {
        var holders = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var run in Runs(rows[i].Prompt).Distinct())
            {
                if (!holders.TryGetValue(run, out var list)) holders.Add(run, list = []);
                list.Add(i);
            }
        }

        var parents = Enumerable.Range(0, rows.Count).ToArray();
        foreach (var list in holders.Values.Where(list => list.Count is > 1 and <= MostSharing))
        {
            foreach (var row in list)
            {
                int a = Root(parents, list[0]), b = Root(parents, row);
                parents[Math.Max(a, b)] = Math.Min(a, b);
            }
        }

        return [.. parents.Select((_, i) => Root(parents, i))];
    }

    private static IEnumerable<string> Runs(string prompt)
    {
        var words = prompt.ToLowerInvariant()
            .Split(prompt.Where(c => !char.IsLetterOrDigit(c)).Distinct().ToArray(), StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < Run) return [string.Join(' ', words)];
        return Enumerable.Range(0, Math.Min(words.Length, MostWords) - Run + 1).Select(at => string.Join(' ', words, at, Run));
    }

    private static int Root(int[] parents, int row)
    {
        while (parents[row] != row) row = parents[row] = parents[parents[row]];
        return row;
    }
}
