using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary><c>response.shell_call_output_content.delta</c> and <c>.done</c>.</summary>
public sealed record ShellOutputEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required int CommandIndex { get; init; }

    /// <summary><c>{"stdout"}</c> or <c>{"stderr"}</c>, on deltas.</summary>
    public JsonElement? Delta { get; init; }

    /// <summary>The whole output, when done.</summary>
    public JsonElement? Output { get; init; }
}
