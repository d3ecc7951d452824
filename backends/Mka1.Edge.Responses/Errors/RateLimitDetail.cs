namespace Mka1.Edge.Responses;

/// <summary>Which limit refused a request, as the member <c>rate_limit</c> of the error says it.</summary>
/// <param name="Scope"><c>key</c>, <c>tenant</c>, <c>end_user</c> or <c>delegated_key</c>.</param>
/// <param name="Dimension"><c>requests</c>, <c>tokens</c>, <c>cost</c> or <c>concurrency</c>.</param>
/// <param name="Window">The window's name; null for concurrency.</param>
/// <param name="Limit">How much of it there may be.</param>
/// <param name="Used">How much of that is taken.</param>
/// <param name="ResetSeconds">Seconds until all of it is free again; null for concurrency.</param>
public sealed record RateLimitDetail(string Scope, string Dimension, string? Window, decimal Limit, decimal Used, double? ResetSeconds);
