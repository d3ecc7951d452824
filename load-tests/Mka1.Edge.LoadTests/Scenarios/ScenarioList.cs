namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>Every scenario. Each is made anew for a run: it may hold what the run has found.</summary>
internal static class ScenarioList
{
    private static readonly Func<LoadScenario>[] Makers =
    [
        () => new UnstoredJson(), () => new StoredJson(), () => new StoredSse(), () => new BackgroundPoll(), () => new Resume(), () => new ConversationTurns(), () => new AutoRouting(),
        () => new QuotaLimited(), () => new IdleStreams(), () => new ReloadUnderLoad(), () => new KillADestination(), () => new NoisyNeighbour(), () => new ClientCancel(), () => new Soak(),
    ];

    public static IReadOnlyList<LoadScenario> All() => [.. Makers.Select(make => make())];

    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static LoadScenario Find(string name) =>
        All().FirstOrDefault(scenario => scenario.Name == name) ?? throw new ArgumentException($"There is no scenario '{name}'. Known: {string.Join(", ", All().Select(scenario => scenario.Name))}.");
}
