namespace Mka1.Edge.Stores.Keys;

/// <summary>Keys that have changed, each as it is now.</summary>
/// <param name="Keys">The keys. One that has not changed since the last reading may be among them.</param>
/// <param name="Until">Where the next reading goes on.</param>
public sealed record KeyChanges(IReadOnlyList<StoredKey> Keys, long Until);
