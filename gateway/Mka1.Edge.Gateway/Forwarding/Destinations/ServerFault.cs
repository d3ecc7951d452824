namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>Something that spoke against a model server.</summary>
/// <param name="Kind">What: the name of how an attempt ended, or <c>probe</c>.</param>
/// <param name="At">When.</param>
internal sealed record ServerFault(string Kind, DateTimeOffset At);
