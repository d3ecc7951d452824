namespace Mka1.Edge.Gateway.Safety;

/// <summary>What rules found in one text.</summary>
/// <param name="Rules">The rules, each as one bit.</param>
/// <param name="Text">A hash of the text, by which this process knows it again.</param>
/// <param name="IsLatest">Whether it is the last thing said; earlier turns and instructions are sent again with every request.</param>
internal readonly record struct InputFinding(ulong Rules, int Text, bool IsLatest);
