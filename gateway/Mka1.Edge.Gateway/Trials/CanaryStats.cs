namespace Mka1.Edge.Gateway.Trials;

/// <summary>A variant's own pool and the one on trial, side by side.</summary>
internal sealed class CanaryStats
{
    private long _fallbacks;

    public ArmStats Main { get; } = new();

    public ArmStats Canary { get; } = new();

    /// <summary>Requests of the trial's share that went to the variant's own pool, because nothing else could be reached.</summary>
    public long Fallbacks => Interlocked.Read(ref _fallbacks);

    public void FellBack() => Interlocked.Increment(ref _fallbacks);
}
