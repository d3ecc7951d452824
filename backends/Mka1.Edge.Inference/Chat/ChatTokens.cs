namespace Mka1.Edge.Inference.Chat;

/// <summary>Ids of the control tokens that decoding needs to know; -1, which is no token, where a family has none.</summary>
/// <param name="TurnStart"><c>&lt;|im_start|&gt;</c></param>
/// <param name="TurnEnd">Ends the assistant's turn: <c>&lt;|im_end|&gt;</c>, <c>&lt;|eot_id|&gt;</c>, <c>&lt;/s&gt;</c></param>
/// <param name="ToolCallStart"><c>&lt;tool_call&gt;</c></param>
/// <param name="ToolCallEnd"><c>&lt;/tool_call&gt;</c></param>
/// <param name="ThinkStart"><c>&lt;think&gt;</c>, where the model has a think section</param>
/// <param name="ThinkEnd"><c>&lt;/think&gt;</c></param>
public sealed record ChatTokens(int TurnStart, int TurnEnd, int ToolCallStart, int ToolCallEnd, int ThinkStart = -1, int ThinkEnd = -1)
{
    /// <summary>Whether the model thinks aloud in a section of its own.</summary>
    public bool HasThinkSection => ThinkStart >= 0 && ThinkEnd >= 0;
}
