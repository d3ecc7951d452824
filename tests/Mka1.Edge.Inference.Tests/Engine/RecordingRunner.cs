using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Tests.Engine;

/// <summary>The managed runner, and a list of what each step held; a test can hold steps back or make one fail.</summary>
internal sealed class RecordingRunner : IModelRunner
{
    private readonly ComputeTeam _team = new(1);
    private readonly ManagedRunner _runner;
    private readonly ManualResetEventSlim _gate = new(initialState: true);

    public RecordingRunner(LanguageModel model, int pages, int maxStepTokens = 512) =>
        _runner = new ManagedRunner(model.Weights, _team, pages, maxStepTokens);

    /// <summary>For each step, for each sequence in it: where it stands, how many tokens it brings, and its first page.</summary>
    public List<(int Position, int Tokens, int FirstPage)[]> Steps { get; } = [];

    /// <summary>Thrown by the next step.</summary>
    public Exception? Fault { get; set; }

    public ModelConfig Config => _runner.Config;

    public int PageSize => _runner.PageSize;

    public int PageCount => _runner.PageCount;

    public long PageBytes => _runner.PageBytes;

    public int MaxStepTokens => _runner.MaxStepTokens;

    public void Hold() => _gate.Reset();

    public void GoOn() => _gate.Set();

    public void Step(ReadOnlySpan<SequenceStep> batch)
    {
        _gate.Wait();
        var step = new (int, int, int)[batch.Length];
        for (var i = 0; i < step.Length; i++)
            step[i] = (batch[i].Position, batch[i].Tokens.Length, batch[i].Pages.Span[0]);
        lock (Steps)
            Steps.Add(step);
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }
        _runner.Step(batch);
    }

    public void Dispose()
    {
        _runner.Dispose();
        _team.Dispose();
        _gate.Dispose();
    }
}
