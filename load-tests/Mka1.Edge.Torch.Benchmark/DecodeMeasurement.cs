using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Torch;

namespace Mka1.Edge.Torch.Benchmark;

/// <summary>Decodes a number of sequences side by side, each with a context before it, and takes the time.</summary>
internal sealed class DecodeMeasurement(TorchModelRunner runner, BenchmarkOptions options)
{
    private readonly Random _random = new(1);

    /// <summary>Tokens a second, all sequences together.</summary>
    public double Run(int batch)
    {
        var perSequence = PagesFor(options.Context + BenchmarkOptions.Warmup + options.Tokens, runner.PageSize);
        var pages = Enumerable.Range(0, batch).Select(i => Enumerable.Range(i * perSequence, perSequence).ToArray()).ToArray();
        var logits = Enumerable.Range(0, batch).Select(_ => new float[runner.Config.VocabularySize]).ToArray();
        foreach (var own in pages)
            Prefill(own);

        var steps = new SequenceStep[batch];
        var start = 0L;
        for (var step = 0; step < BenchmarkOptions.Warmup + options.Tokens; step++)
        {
            if (step == BenchmarkOptions.Warmup)
                start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < batch; i++)
                steps[i] = new SequenceStep { Tokens = new[] { Best(logits[i]) }, Position = options.Context + step, Pages = pages[i], Logits = logits[i] };
            runner.Step(steps);
        }
        return batch * options.Tokens / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Pages that a number of positions takes.</summary>
    public static int PagesFor(int positions, int pageSize) => (positions + pageSize - 1) / pageSize;

    private void Prefill(int[] pages)
    {
        for (var done = 0; done < options.Context; done += runner.MaxStepTokens)
        {
            var tokens = new int[Math.Min(runner.MaxStepTokens, options.Context - done)];
            for (var i = 0; i < tokens.Length; i++)
                tokens[i] = _random.Next(runner.Config.VocabularySize);
            runner.Step([new SequenceStep { Tokens = tokens, Position = done, Pages = pages }]);
        }
    }

    private static int Best(float[] logits) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);
}
