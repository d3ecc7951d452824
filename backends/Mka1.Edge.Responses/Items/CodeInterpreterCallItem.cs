using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Kind 12: code run in a container.</summary>
public sealed class CodeInterpreterCallItem() : ResponseItem(ItemTypes.CodeInterpreterCall)
{
    public JsonText? Code { get; init; }

    public string? ContainerId { get; init; }

    /// <summary>Array of logs and images, or null.</summary>
    public JsonElement? Outputs { get; init; }
}
