namespace Mka1.Edge.Responses;

/// <summary><c>response.function_call_arguments.done</c> and <c>response.mcp_call_arguments.done</c>.</summary>
public sealed record ArgumentsDoneEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required string Arguments { get; init; }
}
