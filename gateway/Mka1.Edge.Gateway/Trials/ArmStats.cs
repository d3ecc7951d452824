using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Policies.Canary;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>What one side of a comparison has come to: counts and quantiles in bounded memory, added to from any thread.</summary>
internal sealed class ArmStats
{
    private long _requests;
    private long _errors;
    private long _inputTokens;
    private long _outputTokens;

    public long Requests => Interlocked.Read(ref _requests);

    public long Errors => Interlocked.Read(ref _errors);

    public long InputTokens => Interlocked.Read(ref _inputTokens);

    public long OutputTokens => Interlocked.Read(ref _outputTokens);

    /// <summary>Seconds to the model server's first byte.</summary>
    public QuantileSketch FirstByte { get; } = new();

    /// <summary>Seconds to the end of its answer.</summary>
    public QuantileSketch Duration { get; } = new();

    public void Add(TimeSpan? firstByte, TimeSpan duration, bool failed, RunUsage usage)
    {
        Interlocked.Increment(ref _requests);
        if (failed) Interlocked.Increment(ref _errors);
        Interlocked.Add(ref _inputTokens, usage.InputTokens);
        Interlocked.Add(ref _outputTokens, usage.OutputTokens);
        if (firstByte is { } first) FirstByte.Add(first.TotalSeconds);
        Duration.Add(duration.TotalSeconds);
    }
}
