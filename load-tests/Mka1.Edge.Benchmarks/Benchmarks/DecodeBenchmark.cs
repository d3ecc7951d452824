using BenchmarkDotNet.Attributes;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;

namespace Mka1.Edge.Benchmarks;

/// <summary>What one more token takes of the engine, at position 200 of one stream: the forward pass, and the choice at temperature 1.</summary>
[MemoryDiagnoser]
public class DecodeBenchmark : IDisposable
{
    private const int Position = 200;

    private LanguageModel _model = null!;
    private ComputeTeam _team = null!;
    private ManagedRunner _runner = null!;
    private Sampler _sampler = null!;
    private SequenceStep[] _step = [];
    private float[] _logits = [];

    /// <summary>The model of the demo family.</summary>
    [Params("mka1-mini-dense", "mka1-mini-int8", "mka1-mini-quantized", "mka1-mini-moe")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _model = LanguageModel.Load(Path.Combine(Models(AppContext.BaseDirectory), Model));
        _team = new ComputeTeam(1);
        var pages = (Position / KvPages.PageSize) + 1;
        _runner = new ManagedRunner(_model.Weights, _team, pages, Position);
        _sampler = new Sampler(new SamplingOptions { Seed = 1 }, _model.Tokenizer.VocabularySize);
        _logits = new float[_model.Config.VocabularySize];
        int[] order = [.. Enumerable.Range(0, pages)];
        _runner.Step([new SequenceStep { Tokens = new int[Position], Position = 0, Pages = order }]);
        _step = [new SequenceStep { Tokens = new int[1], Position = Position, Pages = order, Logits = _logits }];
    }

    [Benchmark]
    public int Token()
    {
        _runner.Step(_step);
        return _sampler.Sample(_logits, _model.Tokenizer.Tokens, PlainText.Instance);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _runner.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>BenchmarkDotNet and the tests run it from folders of their own, somewhere below the repository.</summary>
    private static string Models(string folder) =>
        Directory.Exists(Path.Combine(folder, "backends", "models")) ? Path.Combine(folder, "backends", "models") : Models(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("backends/models"));
}
