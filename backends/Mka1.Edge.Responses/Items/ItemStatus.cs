namespace Mka1.Edge.Responses;

/// <summary>The three values of an item's <c>status</c> that every kind knows; hosted calls have more.</summary>
public static class ItemStatus
{
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";
}
