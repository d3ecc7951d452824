namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>The client left its answer unread for too long and was cut off.</summary>
internal sealed class ClientStalledException() : Exception("The client left its answer unread for too long.");
