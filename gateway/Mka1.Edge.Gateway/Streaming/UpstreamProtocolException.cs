namespace Mka1.Edge.Gateway.Streaming;

/// <summary>The model server's stream broke the rules of the contract; nothing after this point can be trusted.</summary>
internal sealed class UpstreamProtocolException(string message) : Exception(message);
