namespace Mka1.Edge.Gateway.Admin;

/// <summary>What a model server said of its load.</summary>
/// <param name="Queued">Requests that wait there.</param>
/// <param name="Active">Requests it works on.</param>
/// <param name="CacheUsed">The part of its key-value cache in use; null when it did not say.</param>
/// <param name="AgeSeconds">How long ago that was.</param>
internal sealed record LoadView(double Queued, double Active, double? CacheUsed, double AgeSeconds);
