namespace Mka1.Edge.Gateway.Tests;

/// <summary>Streams of which nothing is kept.</summary>
public sealed class GivesUpOnPlainSilenceTests() : GivesUpOnSilenceBehaviour(store: false);
