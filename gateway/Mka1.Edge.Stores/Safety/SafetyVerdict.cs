namespace Mka1.Edge.Stores.Safety;

/// <summary>What became of checking a tenant's audit.</summary>
/// <param name="Entries">Entries that are as they were written.</param>
/// <param name="HeadHash">Hash of the last of them: whoever keeps it elsewhere can tell later that all of them are still there.</param>
/// <param name="BrokenSeq">The first entry that is not as it was written, or missing; null when there is none.</param>
/// <param name="Fault">What is wrong with it; null when nothing is.</param>
public sealed record SafetyVerdict(long Entries, ReadOnlyMemory<byte> HeadHash, long? BrokenSeq = null, string? Fault = null);
