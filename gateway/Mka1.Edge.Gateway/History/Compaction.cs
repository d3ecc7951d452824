using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>What compacting a context came to.</summary>
internal abstract record Compaction
{
    private Compaction()
    {
    }

    /// <summary>It is compacted.</summary>
    /// <param name="Id">Id of the compaction item.</param>
    /// <param name="Item">The compaction item, as JSON.</param>
    /// <param name="Inside">What it stands for: the items that take the place of the old ones.</param>
    /// <param name="Usage">What the summary cost; null when the model server did not say.</param>
    /// <param name="Destination">The model server that made the summary.</param>
    public sealed record Made(string Id, byte[] Item, IReadOnlyList<ContextItem> Inside, Usage? Usage, string Destination) : Compaction;

    /// <summary>It could not be.</summary>
    /// <param name="End">How the attempt ended.</param>
    /// <param name="Error">What the client is told.</param>
    public sealed record Refused(RunEnd End, ApiError Error) : Compaction;
}
