using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 16: what the shell's commands printed and how they ended.</summary>
public sealed class ShellCallOutputItem() : ResponseItem(ItemTypes.ShellCallOutput)
{
    public required string CallId { get; init; }

    public long? MaxOutputLength { get; init; }

    /// <summary>Array of <c>{stdout,stderr,outcome}</c>.</summary>
    public required JsonElement Output { get; init; }
}
