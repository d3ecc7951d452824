namespace Mka1.Edge.Gateway.Commands;

/// <summary>What was asked for on the command line cannot be done; the message says what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);
