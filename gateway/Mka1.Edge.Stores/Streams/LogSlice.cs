namespace Mka1.Edge.Stores.Streams;

/// <summary>Part of a stream log.</summary>
/// <param name="Entries">Consecutive events from the one asked for on; empty when there are none yet.</param>
/// <param name="State">What is known of the log as a whole.</param>
/// <param name="Next">The number the next event of the log will have; 0 when there is no log.</param>
public sealed record LogSlice(IReadOnlyList<StreamEntry> Entries, LogState State, long Next);
