using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Torch.Benchmark;

/// <summary>The same shape in plain PyTorch, run by <c>plain_pytorch.py</c> beside this program.</summary>
internal static class PlainPyTorch
{
    /// <summary>Tokens a second, all sequences together.</summary>
    /// <exception cref="InvalidOperationException">The script failed; its own words are on standard error.</exception>
    public static async Task<double> RunAsync(ModelConfig config, BenchmarkOptions options, int batch)
    {
        var start = new ProcessStartInfo(options.Python) { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "plain_pytorch.py"));
        start.ArgumentList.Add(JsonSerializer.Serialize(new
        {
            hidden = config.HiddenSize,
            intermediate = config.IntermediateSize,
            layers = config.Layers,
            heads = config.Heads,
            key_value_heads = config.KeyValueHeads,
            vocabulary = config.VocabularySize,
            epsilon = config.NormEpsilon,
            theta = config.RopeTheta,
            device = options.Device,
            dtype = options.DataType,
            context = options.Context,
            warmup = BenchmarkOptions.Warmup,
            tokens = options.Tokens,
            batch,
        }));
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{options.Python} did not start.");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{options.Python} exited with {process.ExitCode}.");
    }
}
