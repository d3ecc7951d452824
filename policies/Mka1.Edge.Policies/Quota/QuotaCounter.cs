namespace Mka1.Edge.Policies.Quota;

/// <summary>One count that is kept for somebody, and how far it may go.</summary>
/// <param name="Name">Under which it is kept, such as <c>t:acme:tokens:minute</c>; unique, and the same on every replica.</param>
/// <param name="Scope">Whose use it counts.</param>
/// <param name="Dimension">What it counts.</param>
/// <param name="Window">In which time; null for <see cref="QuotaDimension.Concurrency"/>.</param>
/// <param name="Limit">How much of it there may be.</param>
public sealed record QuotaCounter(string Name, QuotaScope Scope, QuotaDimension Dimension, QuotaWindow? Window, long Limit);
