namespace Mka1.Edge.Gateway.Streaming;

/// <summary>The client left its stream unread for too long and was cut off.</summary>
internal sealed class ClientStalledException() : Exception("The client left its stream unread for too long.");
