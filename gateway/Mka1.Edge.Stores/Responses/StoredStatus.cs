namespace Mka1.Edge.Stores.Responses;

/// <summary>Where a stored response stands. The numbers are what the database holds.</summary>
public enum StoredStatus
{
    Queued = 0,
    InProgress = 1,
    Completed = 2,
    Incomplete = 3,
    Failed = 4,
    Cancelled = 5,
}
