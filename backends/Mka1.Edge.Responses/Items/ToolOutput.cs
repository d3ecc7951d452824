using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>What a tool gave back: a text or content parts.</summary>
[JsonConverter(typeof(ToolOutputConverter))]
public abstract record ToolOutput
{
    private ToolOutput()
    {
    }

    public sealed record Text(JsonText Value) : ToolOutput;

    public sealed record Parts(IReadOnlyList<ContentPart> Value) : ToolOutput;
}
