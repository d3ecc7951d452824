namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>A template that is malformed, asks for something not supported, or refuses what it was given.</summary>
internal sealed class JinjaException(string message) : Exception(message);
