namespace Mka1.Edge.Gateway.Configuration;

/// <summary>APIs that the servers of a pool may speak.</summary>
public enum PoolApi
{
    /// <summary>The Responses API.</summary>
    Responses,

    /// <summary>Chat Completions, into which the gateway translates.</summary>
    ChatCompletions,
}
