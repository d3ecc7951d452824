namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>What can be called: a macro, a global function or a method bound to its value.</summary>
internal delegate object? JinjaFunction(JinjaArguments arguments);
