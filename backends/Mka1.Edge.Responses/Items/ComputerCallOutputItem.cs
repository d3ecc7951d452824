using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 6: the screen after a computer call.</summary>
public sealed class ComputerCallOutputItem() : ResponseItem(ItemTypes.ComputerCallOutput)
{
    public required string CallId { get; init; }

    /// <summary><c>{"type":"computer_screenshot",…}</c>.</summary>
    public required JsonElement Output { get; init; }

    public JsonElement? AcknowledgedSafetyChecks { get; init; }
}
