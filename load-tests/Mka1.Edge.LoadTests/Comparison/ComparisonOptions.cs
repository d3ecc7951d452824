namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>What a comparison can be told.</summary>
/// <param name="Sides">Which take part.</param>
/// <param name="Rounds">Interleaved rounds of each kind.</param>
/// <param name="Seconds">Seconds a side is loaded for in a round, by each kind of load.</param>
/// <param name="Connections">Requests in flight where a side is given as many as it can take.</param>
/// <param name="Deltas">Deltas of a stream.</param>
/// <param name="InterTokenTime">Milliseconds between two of them; 0 for as fast as the model server can.</param>
/// <param name="Rate">Requests a second of the open loop; null for 20 % of what Mka1.Edge can take.</param>
/// <param name="EdgeProgram">The gateway's program; null for the one built along with this.</param>
/// <param name="Portkey">Folder into which Portkey has been installed.</param>
/// <param name="Results">File for the report; null for none.</param>
/// <param name="Command">How it was called, for the report.</param>
/// <param name="Versions">Of what it ran with, for the report.</param>
internal sealed record ComparisonOptions(
    IReadOnlyList<string> Sides, int Rounds, int Seconds, int Connections, int Deltas, int InterTokenTime, double? Rate, string? EdgeProgram, string? Portkey, string? Results, string Command, string Versions);
