namespace Mka1.Edge.Stores.Streams;

/// <summary>One event of a stream.</summary>
/// <param name="Sequence">Its <c>sequence_number</c>, from 0, without gaps.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Data">Its JSON.</param>
public readonly record struct StreamEntry(long Sequence, ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Data);
