namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>A token of a template.</summary>
internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Text, int Line);
