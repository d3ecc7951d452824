namespace Mka1.Edge.Stores.Paging;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Limit">Entries at most.</param>
/// <param name="Descending">Newest first.</param>
/// <param name="After">Id of the entry before the first wanted one, in the order asked for; null for the beginning.</param>
/// <param name="Before">Id of the entry behind the last wanted one; null for the end.</param>
public sealed record PageQuery(int Limit, bool Descending, string? After = null, string? Before = null);
