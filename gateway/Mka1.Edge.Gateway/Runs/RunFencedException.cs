namespace Mka1.Edge.Gateway.Runs;

/// <summary>The run is no longer ours: it has been cancelled, or another replica has taken it over.</summary>
internal sealed class RunFencedException() : Exception("The run is held by someone else, or has ended.");
