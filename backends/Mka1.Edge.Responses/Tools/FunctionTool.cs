using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>A function of the caller's.</summary>
public sealed record FunctionTool : ToolDefinition
{
    public override string Type => ToolTypes.Function;

    /// <summary>1 to 64 of <c>a-z A-Z 0-9 _ -</c>.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>JSON Schema of the arguments; null when the function takes none or any.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Whether arguments must satisfy the schema exactly; null when the caller did not say.</summary>
    public bool? Strict { get; init; }

    /// <summary>The model sees the function only once it has searched for it.</summary>
    public bool DeferLoading { get; init; }
}
