using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>The order and the bounds of a page in SQL.</summary>
internal static class Keyset
{
    /// <summary>The ids among a query's cursors.</summary>
    public static string[] Cursors(PageQuery query) => [.. new[] { query.After, query.Before }.OfType<string>()];

    /// <summary>Direction in which rows are read: that of the list, or against it for a page before a cursor.</summary>
    public static string Direction(PageQuery query) => query.Descending == query.IsBackward() ? "ASC" : "DESC";

    /// <summary>Operator between a row's key and that of the entry it is to come behind.</summary>
    public static string Behind(PageQuery query) => query.Descending ? "<" : ">";

    /// <summary>Operator between a row's key and that of the entry it is to come before.</summary>
    public static string Ahead(PageQuery query) => query.Descending ? ">" : "<";
}
