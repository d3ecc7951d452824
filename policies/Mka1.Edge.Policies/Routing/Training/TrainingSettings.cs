namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Choices of the trainer, found by cross-validation; they go into the weights file.</summary>
public sealed record TrainingSettings
{
    /// <summary>Strength of the penalty on linear weights.</summary>
    public double Penalty { get; init; } = 60;

    /// <summary>How much cheaper a dense feature is than a hashed one: its standardised value times this goes into the penalised fit.</summary>
    public double DenseWeight { get; init; } = 0.1;

    /// <summary>Share of "only the strong model is right" in what is fitted; the rest is its gain. Need carries over to other data, gain ranks better at home.</summary>
    public double NeedShare { get; init; } = 0.15;

    /// <summary>
    /// Share of a task's mean in what the trees are fitted to; the rest is the row's own. One answer says little about a prompt,
    /// so the mean is the steadier teacher; alone it teaches little that holds for other tasks.
    /// </summary>
    public double TaskShare { get; init; } = 0.5;

    /// <summary>Rows by which a task's mean is drawn to that of its benchmark.</summary>
    public double TaskPrior { get; init; } = 20;

    /// <summary>Weight of a row that has three measured tiers.</summary>
    public double TieredRowWeight { get; init; } = 2;

    /// <summary>Share of the trees in the sum.</summary>
    public double TreeWeight { get; init; } = 1.2;

    /// <summary>
    /// How much longer texts count as harder beyond what the rows say, in standard deviations of the score. Costs a little at
    /// home and gains more on benchmarks that were left out.
    /// </summary>
    public double LengthPrior { get; init; } = 0.2;

    public int Trees { get; init; } = 220;

    public int TreeDepth { get; init; } = 3;

    public double LearningRate { get; init; } = 0.08;

    /// <summary>Fewest rows in a leaf.</summary>
    public int LeafRows { get; init; } = 30;

    /// <summary>Penalty on the value of a leaf, in rows.</summary>
    public double LeafPenalty { get; init; } = 10;

    /// <summary>Shares of quantized, moe and dense that the standard thresholds give on rows with three measured tiers: a mean cost of 2 at 1, 3 and 10.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [0.64, 0.32, 0.04];

    /// <summary>Relative cost of a request by tier.</summary>
    public IReadOnlyList<double> Costs { get; init; } = [1, 3, 10];
}
