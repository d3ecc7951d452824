using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Engine;

/// <summary>Many requests in one batch: what they get is theirs alone.</summary>
public sealed class BatchingTests
{
    private static readonly LanguageModel Model = TinyModel.DenseF32().Load();

    private static int WindowPages => Model.Config.ContextWindow / KvPages.PageSize;

    [Theory]
    [InlineData(1000)]
    [InlineData(40)]
    [InlineData(16)]
    public async Task Sampled_and_constrained_requests_get_the_tokens_they_get_alone_however_few_pages_there_are(int pages)
    {
        var requests = Enumerable.Range(0, 40).Select(i => Varied(i)).ToArray();
        var expected = new List<int[]>();
        await using (var alone = new InferenceEngine(Model, new InferenceEngineOptions { MaxConcurrentRequests = 1, Threads = 1 }))
        {
            foreach (var request in requests)
                expected.Add(await Requests.Ids(alone.GenerateAsync(request)));
        }

        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions
        {
            MaxConcurrentRequests = 12, Threads = 2, StepTokens = 48, CacheBytes = Math.Max(pages, WindowPages) * KvPages.BytesPerPage(Model.Config),
        });
        var actual = await Task.WhenAll(requests.Select(request => Requests.Ids(engine.GenerateAsync(request))));

        Assert.Equal(expected, actual);
        var load = engine.Load;
        Assert.Equal(0, load.PagesUsed);
        Assert.Equal(0, load.Active);
        Assert.True(load.SequenceSteps > 2 * load.Steps || pages == 16, $"{load.SequenceSteps} in {load.Steps} steps is no batch");
        Assert.Equal(pages < 1000, load.Preemptions > 0);
    }

    [Fact]
    public async Task A_long_prompt_delays_a_running_stream_by_no_step()
    {
        var runner = new RecordingRunner(Model, pages: 100);
        await using var engine = new InferenceEngine(runner, Model.Tokenizer, new InferenceEngineOptions { StepTokens = 16 });
        using var gate = new GateConstraint(stopAt: 5);
        var running = Requests.Ids(engine.GenerateAsync(Requests.Greedy(60, constraint: gate)));
        await gate.Reached;

        var reading = Requests.Ids(engine.GenerateAsync(Requests.Greedy(1, Requests.Prompt(1, 240), new GateConstraint())));
        gate.Open();
        await Task.WhenAll(running, reading);

        // 240 tokens in pieces of 16, and beside each of them the running stream's next token.
        var pieces = runner.Steps.Where(step => step.Any(sequence => sequence.Tokens > 4)).ToArray();
        Assert.Equal(15, pieces.Length);
        Assert.All(pieces, step => Assert.Equal([1, 16], step.Select(sequence => sequence.Tokens).Order()));
    }

    [Fact]
    public async Task A_short_prompt_behind_a_long_one_does_not_wait_for_it()
    {
        var runner = new RecordingRunner(Model, pages: 100);
        await using var engine = new InferenceEngine(runner, Model.Tokenizer, new InferenceEngineOptions { StepTokens = 64 });
        runner.Hold();
        var first = Requests.Ids(engine.GenerateAsync(Requests.Greedy(1, constraint: new GateConstraint())));
        var longer = Requests.Ids(engine.GenerateAsync(Requests.Greedy(1, Requests.Prompt(1, 250), new GateConstraint())));
        var shorter = Requests.Ids(engine.GenerateAsync(Requests.Greedy(1, Requests.Prompt(2, 20), new GateConstraint())));
        runner.GoOn();
        await Task.WhenAll(first, longer, shorter);

        var whole = runner.Steps.FindIndex(step => step.Any(sequence => sequence is { Position: 0, Tokens: 20 }));
        var longest = runner.Steps.FindIndex(step => step.Any(sequence => sequence.Position + sequence.Tokens == 250));
        Assert.InRange(whole, 0, longest - 3);
    }

    [Fact]
    public async Task Requests_join_by_priority_and_then_in_the_order_they_came()
    {
        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions { MaxConcurrentRequests = 1 });
        using var gate = new GateConstraint(stopAt: 1);
        var first = Requests.Ids(engine.GenerateAsync(Requests.Greedy(1, constraint: gate)));
        await gate.Reached;
        var order = new List<string>();
        RequestPriority[] priorities = [RequestPriority.Low, RequestPriority.Normal, RequestPriority.High, RequestPriority.Normal, RequestPriority.High];
        var waiting = priorities.Select((priority, i) =>
            Requests.Ids(engine.GenerateAsync(Requests.Greedy(1, constraint: new NotingConstraint(() => order.Add($"{priority} {i}"))) with { Priority = priority }))).ToArray();
        gate.Open();
        await Task.WhenAll(waiting);
        await first;

        Assert.Equal(["High 2", "High 4", "Normal 1", "Normal 3", "Low 0"], order);
    }

    [Fact]
    public async Task A_step_that_fails_ends_its_requests_and_no_others()
    {
        var runner = new RecordingRunner(Model, pages: 100);
        await using var engine = new InferenceEngine(runner, Model.Tokenizer);
        runner.Fault = new InvalidOperationException("on purpose");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Requests.Ids(engine.GenerateAsync(Requests.Greedy(5))));
        Assert.Equal(0, engine.Load.PagesUsed);
        Assert.NotEmpty(await Requests.Ids(engine.GenerateAsync(Requests.Greedy(5))));
    }

    [Fact]
    public void A_cache_smaller_than_the_window_is_refused_and_says_why()
    {
        var e = Assert.Throws<ArgumentException>(() => new InferenceEngine(Model, new InferenceEngineOptions { CacheBytes = (WindowPages - 1) * KvPages.BytesPerPage(Model.Config) }));
        Assert.Contains("context window", e.Message, StringComparison.Ordinal);
    }

    private static GenerationRequest Varied(int i) => Requests.Greedy(1 + (i * 7 % 90), Requests.Prompt(i % 25, 4 + (i * 11 % 120))) with
    {
        Sampling = i % 3 == 0 ? SamplingOptions.Greedy : new SamplingOptions { Seed = (ulong)i, TopP = i % 2 == 0 ? 1 : 0.9f, PresencePenalty = i % 5 == 0 ? 0.5f : 0 },
        Constraint = i % 4 == 0 ? new GateConstraint() : null,
        Priority = (RequestPriority)(i % 3),
    };
}
