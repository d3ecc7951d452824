using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Runs a model on the processor, with the vector kernels of this assembly.</summary>
internal sealed class ManagedRunner : IModelRunner
{
    private readonly KvPages _cache;
    private readonly ForwardPass _pass;

    /// <param name="weights">The model.</param>
    /// <param name="team">Shares the work; not disposed here.</param>
    /// <param name="pages">Pages of the key-value cache.</param>
    /// <param name="maxStepTokens">Tokens one step may hold.</param>
    public ManagedRunner(TransformerWeights weights, ComputeTeam team, int pages, int maxStepTokens)
    {
        Config = weights.Config;
        _cache = new KvPages(weights.Config, pages);
        _pass = new ForwardPass(weights, _cache, team, maxStepTokens);
    }

    public ModelConfig Config { get; }

    public int PageSize => KvPages.PageSize;

    public int PageCount => _cache.Count;

    public long PageBytes => KvPages.BytesPerPage(Config);

    public int MaxStepTokens => _pass.MaxRows;

    public void Step(ReadOnlySpan<SequenceStep> batch) => _pass.Run(batch);

    public void Dispose() => _cache.Dispose();
}
