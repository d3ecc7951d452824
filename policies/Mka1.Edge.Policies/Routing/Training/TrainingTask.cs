namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>A benchmark, or one task of it, to be left out as a whole.</summary>
internal sealed record TrainingTask(string Name, string Benchmark, string? Group)
{
    public bool Holds(TrainingRow row) => row.Benchmark == Benchmark && (Group is null || row.Group == Group);
}
