namespace Mka1.Edge.Responses;

/// <summary>A delta of an item's one text: function and MCP arguments, custom tool input, interpreter code.</summary>
public sealed record ItemDeltaEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required string Delta { get; init; }
}
