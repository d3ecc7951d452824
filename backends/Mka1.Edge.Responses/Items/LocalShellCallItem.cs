using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 13: a command for the caller's own shell.</summary>
public sealed class LocalShellCallItem() : ResponseItem(ItemTypes.LocalShellCall)
{
    public required string CallId { get; init; }

    /// <summary><c>{"type":"exec","command":[…],…}</c>.</summary>
    public required JsonElement Action { get; init; }
}
