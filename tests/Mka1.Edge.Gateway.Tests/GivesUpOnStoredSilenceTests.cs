namespace Mka1.Edge.Gateway.Tests;

/// <summary>Streams that are runs of their own and are kept.</summary>
public sealed class GivesUpOnStoredSilenceTests() : GivesUpOnSilenceBehaviour(store: true);
