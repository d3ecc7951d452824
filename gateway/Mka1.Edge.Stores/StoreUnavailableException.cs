namespace Mka1.Edge.Stores;

/// <summary>A store cannot be reached or does not answer in time. What was asked of it may or may not have happened.</summary>
/// <param name="store">Which one: <c>postgres</c> or <c>redis</c>.</param>
/// <param name="inner">What the driver said.</param>
public sealed class StoreUnavailableException(string store, Exception? inner = null) : Exception($"The store '{store}' is not available.", inner)
{
    /// <summary>Which one: <c>postgres</c> or <c>redis</c>.</summary>
    public string Store { get; } = store;

    /// <summary>Whether nothing has happened and nothing will: the store was known to be away, or has refused.</summary>
    public bool NothingDone { get; init; }
}
