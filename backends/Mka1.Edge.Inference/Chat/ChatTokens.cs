namespace Mka1.Edge.Inference.Chat;

/// <summary>Ids of the control tokens of this chat family.</summary>
/// <param name="TurnStart"><c>&lt;|im_start|&gt;</c></param>
/// <param name="TurnEnd"><c>&lt;|im_end|&gt;</c></param>
/// <param name="ToolCallStart"><c>&lt;tool_call&gt;</c></param>
/// <param name="ToolCallEnd"><c>&lt;/tool_call&gt;</c></param>
public sealed record ChatTokens(int TurnStart, int TurnEnd, int ToolCallStart, int ToolCallEnd);
