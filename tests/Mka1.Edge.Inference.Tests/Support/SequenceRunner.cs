using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>One sequence on a runner of its own: the model without the engine.</summary>
internal sealed class SequenceRunner : IDisposable
{
    /// <summary>Tokens that fit one call.</summary>
    public const int MaxStepTokens = 64;

    private readonly ComputeTeam _team;
    private readonly ManagedRunner _runner;
    private readonly int[] _pages;

    public SequenceRunner(TransformerWeights weights, int threads, int capacity)
    {
        _team = new ComputeTeam(threads);
        _pages = [.. Enumerable.Range(0, (capacity + KvPages.PageSize - 1) / KvPages.PageSize)];
        _runner = new ManagedRunner(weights, _team, _pages.Length, MaxStepTokens);
    }

    /// <summary>Tokens so far.</summary>
    public int Length { get; private set; }

    /// <summary>The logits of what follows these tokens and all before them.</summary>
    public float[] Append(ReadOnlyMemory<int> ids)
    {
        var logits = new float[_runner.Config.VocabularySize];
        _runner.Step([new SequenceStep { Tokens = ids, Position = Length, Pages = _pages, Logits = logits }]);
        Length += ids.Length;
        return logits;
    }

    public void Dispose()
    {
        _runner.Dispose();
        _team.Dispose();
    }
}
