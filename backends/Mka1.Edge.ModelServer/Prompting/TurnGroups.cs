using Mka1.Edge.Inference.Chat;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>
/// The turns of a conversation in the groups that truncation drops whole: function calls go with their results, since
/// a result alone means nothing. Never dropped: what the operator says, the last thing the user said, and the last group.
/// </summary>
internal sealed class TurnGroups
{
    private readonly ChatPrompt _prompt;
    private readonly List<Range> _droppable = [];

    public TurnGroups(ChatPrompt prompt)
    {
        _prompt = prompt;
        var turns = prompt.Turns;
        var lastUser = LastUserTurn(turns);
        for (var start = 0; start < turns.Count;)
        {
            var end = EndOfGroup(turns, start);
            var isSystem = turns[start] is ChatTurn.Message { Role: ChatRole.System };
            if (!isSystem && start != lastUser && end != turns.Count)
                _droppable.Add(start..end);
            start = end;
        }
    }

    /// <summary>How many groups may go.</summary>
    public int Droppable => _droppable.Count;

    /// <summary>The conversation without its oldest <paramref name="dropped"/> droppable groups.</summary>
    public ChatPrompt Without(int dropped)
    {
        if (dropped == 0)
            return _prompt;
        var gone = new bool[_prompt.Turns.Count];
        foreach (var group in _droppable.Take(dropped))
            gone.AsSpan(group).Fill(true);
        return _prompt with { Turns = [.. _prompt.Turns.Where((_, i) => !gone[i])] };
    }

    private static int LastUserTurn(IReadOnlyList<ChatTurn> turns)
    {
        for (var i = turns.Count - 1; i >= 0; i--)
        {
            if (turns[i] is ChatTurn.Message { Role: ChatRole.User })
                return i;
        }

        return -1;
    }

    private static int EndOfGroup(IReadOnlyList<ChatTurn> turns, int start)
    {
        var end = start + 1;
        if (turns[start] is ChatTurn.Message)
            return end;
        while (turns[start] is ChatTurn.ToolCall && end < turns.Count && turns[end] is ChatTurn.ToolCall)
            end++;
        while (end < turns.Count && turns[end] is ChatTurn.ToolResult)
            end++;
        return end;
    }
}
