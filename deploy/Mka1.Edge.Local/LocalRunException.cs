namespace Mka1.Edge.Local;

/// <summary>The local run cannot start; the message says what to do about it.</summary>
public sealed class LocalRunException(string message) : Exception(message);
