namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>What a scenario can be told.</summary>
/// <param name="Stores">Whether state is kept in private Redis and Postgres servers rather than in memory.</param>
/// <param name="Rate">Arrivals a second.</param>
/// <param name="Time">How long they arrive.</param>
/// <param name="Streams">Idle streams held open.</param>
internal sealed record ScenarioOptions(bool Stores, double Rate, TimeSpan Time, int Streams);
