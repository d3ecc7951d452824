namespace Mka1.Edge.Responses;

/// <summary><c>response.code_interpreter_call_code.done</c>.</summary>
public sealed record CodeDoneEvent : ResponseEvent
{
    public required string ItemId { get; init; }

    public required int OutputIndex { get; init; }

    public required string Code { get; init; }
}
