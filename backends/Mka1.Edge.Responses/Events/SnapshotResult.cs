namespace Mka1.Edge.Responses;

/// <summary>What merging a model server's snapshot came to.</summary>
public abstract record SnapshotResult
{
    private SnapshotResult()
    {
    }

    /// <summary>The gateway's envelope with the model server's outcome inside.</summary>
    public sealed record Merged(ResponseObject Response) : SnapshotResult;

    /// <summary>The model server sent something that cannot be passed on.</summary>
    public sealed record Violation(string Message) : SnapshotResult;
}
