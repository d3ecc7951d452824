namespace Mka1.Edge.LoadTests;

/// <summary>What the benchmarks can be told on the command line.</summary>
/// <param name="Stores"><c>local</c> (private Redis and Postgres) or <c>memory</c>.</param>
/// <param name="Rounds">Interleaved rounds of each kind.</param>
/// <param name="Seconds">Seconds of one round.</param>
/// <param name="Clients">Requests in flight.</param>
/// <param name="Streams">Idle streams held open.</param>
/// <param name="Rate">Requests a second, whatever becomes of them.</param>
/// <param name="Prompts">A file of prompts, one JSON object a line; null for made-up ones.</param>
internal sealed record LoadOptions(string Stores, int Rounds, int Seconds, int Clients, int Streams, int Rate, string? Prompts);
