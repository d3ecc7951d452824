using Mka1.Edge.Policies.Canary;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>The same requests at a variant's own pool and at its shadow, and how their answers differ.</summary>
internal sealed class ShadowStats
{
    private long _dropped;
    private long _compared;
    private long _statusDiffers;
    private long _textDiffers;
    private long _toolCallsDiffer;

    /// <summary>The mirrored requests, as clients were served.</summary>
    public ArmStats Main { get; } = new();

    /// <summary>The same requests at the shadow.</summary>
    public ArmStats Shadow { get; } = new();

    /// <summary>Not mirrored, for want of room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Pairs of which both sides have an answer.</summary>
    public long Compared => Interlocked.Read(ref _compared);

    public long StatusDiffers => Interlocked.Read(ref _statusDiffers);

    public long TextDiffers => Interlocked.Read(ref _textDiffers);

    public long ToolCallsDiffer => Interlocked.Read(ref _toolCallsDiffer);

    /// <summary>Length of the shadow's text over that of the variant's own.</summary>
    public QuantileSketch LengthRatio { get; } = new();

    public void Drop() => Interlocked.Increment(ref _dropped);

    public void Add(AnswerComparison comparison)
    {
        if (comparison.StatusDiffers) Interlocked.Increment(ref _statusDiffers);
        if (!comparison.Both) return;
        Interlocked.Increment(ref _compared);
        if (comparison.TextDiffers) Interlocked.Increment(ref _textDiffers);
        if (comparison.ToolCallsDiffer) Interlocked.Increment(ref _toolCallsDiffer);
        if (comparison.LengthRatio is { } ratio) LengthRatio.Add(ratio);
    }
}
