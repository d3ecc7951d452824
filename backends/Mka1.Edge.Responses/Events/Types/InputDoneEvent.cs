namespace Mka1.Edge.Responses;

/// <summary><c>response.custom_tool_call_input.done</c>.</summary>
public sealed record InputDoneEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required string Input { get; init; }
}
