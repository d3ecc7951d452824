namespace Mka1.Edge.Stores.Paging;

/// <summary>Part of a list.</summary>
/// <param name="Entries">In the order asked for.</param>
/// <param name="HasMore">Whether there are more in the direction of travel.</param>
public sealed record Page<T>(IReadOnlyList<T> Entries, bool HasMore);
