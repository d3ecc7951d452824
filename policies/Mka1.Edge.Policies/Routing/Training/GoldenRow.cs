namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>A prompt and what the trainer makes of it: what a scorer must find too.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Dense">Dense features.</param>
/// <param name="Buckets">Buckets that are not empty.</param>
/// <param name="Hashed">Sum over the buckets of number times value: another hash gives another sum.</param>
/// <param name="Score">Calibrated probability.</param>
/// <param name="Gain">Gain of the middle model.</param>
/// <param name="Tier">The tier it asks for.</param>
public sealed record GoldenRow(string Prompt, float[] Dense, int Buckets, double Hashed, double Score, double Gain, string Tier);
