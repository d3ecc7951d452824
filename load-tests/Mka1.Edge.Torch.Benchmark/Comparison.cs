using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Torch;

namespace Mka1.Edge.Torch.Benchmark;

/// <summary>Runs ours and the peer one after the other on the same device, and prints both as shares of the bandwidth floor.</summary>
internal static class Comparison
{
    private const int PageSize = 32;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        var config = options.Small ? BenchmarkModels.Small : BenchmarkModels.Billion;
        var bandwidth = BandwidthProbe.Measure(options.Device, options.Small ? 1L << 26 : 1L << 30);
        var (ours, weightBytes, positionBytes) = MeasureOurs(config, options);
        Console.WriteLine($"{options.Device} {options.DataType}, context {options.Context}, {options.Tokens} tokens a sequence; weights {weightBytes / 1e9:F2} GB, memory {bandwidth / 1e9:F0} GB/s");
        Console.WriteLine("| batch | ours, tokens/s | plain PyTorch | ours / PyTorch | bandwidth floor | ours / floor |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (batch, rate) in ours)
        {
            // A step reads every weight once, and of each sequence what it has said so far.
            var stepBytes = weightBytes + (batch * (options.Context + (options.Tokens / 2.0)) * positionBytes);
            var floor = batch * bandwidth / stepBytes;
            var peer = options.Python.Length == 0 ? double.NaN : await PlainPyTorch.RunAsync(config, options, batch);
            Console.WriteLine($"| {batch} | {rate:F0} | {peer:F0} | {rate / peer:F2} | {floor:F0} | {rate / floor:F2} |");
        }
    }

    // Gone from the device before the peer comes to it.
    private static (List<(int Batch, double Rate)> Rates, long WeightBytes, double PositionBytes) MeasureOurs(ModelConfig config, BenchmarkOptions options)
    {
        var perSequence = DecodeMeasurement.PagesFor(options.Context + BenchmarkOptions.Warmup + options.Tokens, PageSize);
        using var source = new RandomSource();
        using var runner = new TorchModelRunner(source, config, ModelFamily.Llama, new()
        {
            Device = options.Device,
            DataType = options.DataType,
            PageSize = PageSize,
            PageCount = perSequence * options.Batches.Max(),
        });
        var measurement = new DecodeMeasurement(runner, options);
        return ([.. options.Batches.Select(batch => (batch, measurement.Run(batch)))], runner.MemoryBytes, (double)runner.PageBytes / PageSize);
    }
}
