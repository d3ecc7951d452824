using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 15: commands for a shell.</summary>
public sealed class ShellCallItem() : ResponseItem(ItemTypes.ShellCall)
{
    public required string CallId { get; init; }

    /// <summary><c>{"commands":[…],"max_output_length","timeout_ms"}</c>.</summary>
    public required JsonElement Action { get; init; }

    public JsonElement? Environment { get; init; }
}
