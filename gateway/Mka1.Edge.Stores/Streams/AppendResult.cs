namespace Mka1.Edge.Stores.Streams;

/// <summary>What became of an append.</summary>
/// <param name="Outcome">Whether the events are in the log.</param>
/// <param name="Next">The number the log's next event must have.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, long Next);
