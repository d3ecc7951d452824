using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 5: something the model wants done on a screen.</summary>
public sealed class ComputerCallItem() : ResponseItem(ItemTypes.ComputerCall)
{
    public required string CallId { get; init; }

    /// <summary>click, double_click, drag, keypress, move, screenshot, scroll, type or wait.</summary>
    public JsonElement? Action { get; init; }

    public JsonElement? PendingSafetyChecks { get; init; }
}
