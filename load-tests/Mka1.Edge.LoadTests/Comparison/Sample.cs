using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>One load of one side in one round, and what it took of the side's processes and of the client.</summary>
/// <param name="Load">What became of the load.</param>
/// <param name="Processor">Processor time of the side's processes.</param>
/// <param name="ResidentBytes">Their resident memory at the end.</param>
/// <param name="ClientCores">Processor time of the client in a second.</param>
internal sealed record Sample(LoadResult Load, TimeSpan Processor, long ResidentBytes, double ClientCores)
{
    public double ProcessorPerThousand => Processor.TotalSeconds / Math.Max(1, Load.Requests) * 1000;

    public double Milliseconds(double share) => Load.Latency.Percentile(share).TotalMilliseconds;
}
