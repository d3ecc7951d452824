namespace Mka1.Edge.Policies.Balancing;

/// <summary>A destination that a request may go to.</summary>
/// <param name="Id">What tells it from others, the same at every replica: <see cref="Affinity.IdOf"/>.</param>
/// <param name="Weight">Its share of the work, above 0.</param>
/// <param name="Outstanding">Our own requests under way there.</param>
/// <param name="Load">What it has to do, by whatever counts: <see cref="LoadReport.Estimate"/>, or <paramref name="Outstanding"/>.</param>
public readonly record struct Candidate(ulong Id, int Weight, int Outstanding, double Load);
