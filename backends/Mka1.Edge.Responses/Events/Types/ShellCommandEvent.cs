namespace Mka1.Edge.Responses;

/// <summary><c>response.shell_call_command.added</c>, <c>.delta</c> and <c>.done</c>.</summary>
public sealed record ShellCommandEvent : ResponseEvent
{
    public required int OutputIndex { get; init; }

    public required int CommandIndex { get; init; }

    public string? ItemId { get; init; }

    public string? Command { get; init; }

    public string? Delta { get; init; }
}
