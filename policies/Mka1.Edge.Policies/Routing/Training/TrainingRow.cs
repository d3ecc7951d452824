namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>A prompt with what a weak and a strong model made of it.</summary>
/// <param name="Id"><c>benchmark-group-item</c>.</param>
/// <param name="Benchmark">The benchmark it is from.</param>
/// <param name="Group">Subject or task within the benchmark.</param>
/// <param name="Prompt">What the models were asked.</param>
/// <param name="Weak">Quality of the weak model's answer, 0 to 1.</param>
/// <param name="Strong">Quality of the strong model's answer, 0 to 1.</param>
/// <param name="Tiers">Quality by tier, where three models were measured; else null.</param>
public sealed record TrainingRow(string Id, string Benchmark, string Group, string Prompt, double Weak, double Strong, IReadOnlyList<double>? Tiers)
{
    /// <summary>What the strong model gains.</summary>
    public double Gain => Strong - Weak;

    /// <summary>Whether only the strong model gets it right.</summary>
    public bool Needs => Strong > Weak;
}
