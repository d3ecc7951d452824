namespace Mka1.Edge.Torch.Benchmark;

/// <summary>What is measured.</summary>
/// <param name="Device">As the runner takes it.</param>
/// <param name="DataType">As the runner takes it.</param>
/// <param name="Small">A model of some ten million parameters, to see that everything runs, in place of the one of a billion.</param>
/// <param name="Batches">How many sequences decode side by side, one measurement each.</param>
/// <param name="Context">Positions before the first measured token.</param>
/// <param name="Tokens">Measured tokens of each sequence.</param>
/// <param name="Python">The interpreter that has PyTorch; empty: no peer.</param>
internal sealed record BenchmarkOptions(string Device, string DataType, bool Small, int[] Batches, int Context, int Tokens, string Python)
{
    /// <summary>Steps before the clock starts.</summary>
    public const int Warmup = 8;
}
