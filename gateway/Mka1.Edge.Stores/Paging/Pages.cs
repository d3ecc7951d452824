namespace Mka1.Edge.Stores.Paging;

/// <summary>What every list does alike: where a page begins, which way it is gone through and whether there is more.</summary>
public static class Pages
{
    /// <summary>With nothing but an end given, a page is the last entries before that end, gone through backwards.</summary>
    public static bool IsBackward(this PageQuery query) => query.After is null && query.Before is not null;

    /// <summary>The page that rows read in the direction of travel make: <c>Limit</c> of them, and one more if there is more.</summary>
    public static Page<T> Cut<T>(List<T> rows, PageQuery query)
    {
        var more = rows.Count > query.Limit;
        if (more) rows.RemoveRange(query.Limit, rows.Count - query.Limit);
        if (query.IsBackward()) rows.Reverse();
        return new Page<T>(rows, more);
    }

    /// <summary>A page of a list that lies in memory, oldest first. Null when a cursor names none of its entries.</summary>
    /// <param name="ascending">All entries, whether they match or not.</param>
    /// <param name="id">An entry's id.</param>
    /// <param name="query">Which part.</param>
    /// <param name="matches">Which entries are wanted; null for all.</param>
    public static Page<T>? Of<T>(IReadOnlyList<T> ascending, Func<T, string> id, PageQuery query, Func<T, bool>? matches = null)
    {
        var entries = query.Descending ? ascending.Reverse().ToList() : [.. ascending];
        var first = 0;
        var end = entries.Count;
        if (query.After is { } after && (first = entries.FindIndex(e => id(e) == after) + 1) == 0) return null;
        if (query.Before is { } before && (end = entries.FindIndex(e => id(e) == before)) < 0) return null;
        var range = entries.Take(end).Skip(first);
        if (query.IsBackward()) range = range.Reverse();
        if (matches is not null) range = range.Where(matches);
        return Cut([.. range.Take(query.Limit + 1)], query);
    }
}
