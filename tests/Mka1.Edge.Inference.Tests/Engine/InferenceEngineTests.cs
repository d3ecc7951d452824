using System.Text.Json;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Sampling;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Engine;

public sealed class InferenceEngineTests
{
    private static readonly LanguageModel Model = TinyModel.DenseF32().Load();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Eight_requests_at_once_give_the_tokens_that_each_gives_alone(bool mixture)
    {
        var model = mixture ? TinyModel.Moe().Load() : Model;
        var requests = Enumerable.Range(0, 8).Select(i => Requests.Greedy(limit: 60, prompt: [.. Enumerable.Range(0, 30 + (i * 15)).Select(n => (n * 7 * (i + 1)) % TinyTokenizer.Size)])).ToArray();
        await using var alone = new InferenceEngine(model, new InferenceEngineOptions { MaxConcurrentRequests = 1, Threads = 1 });
        var expected = new List<int[]>();
        foreach (var request in requests)
            expected.Add(await Requests.Ids(alone.GenerateAsync(request)));

        await using var together = new InferenceEngine(model, new InferenceEngineOptions { MaxConcurrentRequests = 8, Threads = 3 });
        var actual = await Task.WhenAll(requests.Select(request => Requests.Ids(together.GenerateAsync(request))));
        Assert.Equal(expected, actual);
        Assert.Equal(0, together.Load.Active);
        Assert.Equal(0, together.Load.PagesUsed);
        Assert.Equal(actual.Sum(ids => ids.Length), together.Load.TokensDecoded);
    }

    [Fact]
    public async Task A_cancel_stops_before_the_next_token_and_frees_the_cache()
    {
        await using var engine = new InferenceEngine(Model);
        using var gate = new GateConstraint(stopAt: 5);
        using var cancel = new CancellationTokenSource();
        var stream = engine.GenerateAsync(Requests.Greedy(limit: 200, constraint: gate), cancel.Token);
        var reading = Requests.Ids(stream);
        await gate.Reached;
        Assert.Equal(1, engine.Load.Active);
        Assert.True(engine.Load.PagesUsed > 0);

        await cancel.CancelAsync();
        gate.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(5, engine.Load.TokensDecoded);
        Assert.Equal(0, engine.Load.Active);
        Assert.Equal(0, engine.Load.PagesUsed);
    }

    [Fact]
    public async Task Leaving_the_loop_stops_the_generation()
    {
        await using var engine = new InferenceEngine(Model);
        using var gate = new GateConstraint(stopAt: 3);
        var reader = engine.GenerateAsync(Requests.Greedy(limit: 200, constraint: gate)).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        await gate.Reached;

        // What leaving an "await foreach" does; it waits for the worker, which waits at the gate.
        var leaving = reader.DisposeAsync();
        gate.Open();
        await leaving;
        Assert.Equal(3, engine.Load.TokensDecoded);
        Assert.Equal(0, engine.Load.Active);
        Assert.Equal(0, engine.Load.PagesUsed);
    }

    [Fact]
    public async Task A_full_engine_refuses_and_a_cancelled_waiter_makes_room()
    {
        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions { MaxConcurrentRequests = 1, MaxQueuedRequests = 1 });
        using var gate = new GateConstraint(stopAt: 1);
        var first = Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 2, constraint: gate)));
        await gate.Reached;

        using var cancel = new CancellationTokenSource();
        var second = Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 2), cancel.Token));
        Assert.Equal(1, engine.Load.Queued);
        Assert.Throws<EngineOverloadedException>(() => engine.GenerateAsync(Requests.Greedy(limit: 2)));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, engine.Load.Queued);
        var third = Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 2)));
        gate.Open();
        Assert.Equal(2, (await first).Length);
        Assert.NotEmpty(await third);
    }

    [Fact]
    public async Task Nothing_is_generated_for_a_caller_who_has_already_left()
    {
        await using var engine = new InferenceEngine(Model);
        var stream = engine.GenerateAsync(Requests.Greedy(limit: 5), new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Requests.Ids(stream));
        Assert.Equal(0, engine.Load.TokensDecoded);
    }

    [Fact]
    public async Task Disposing_the_engine_ends_what_runs_and_what_waits()
    {
        var engine = new InferenceEngine(Model, new InferenceEngineOptions { MaxConcurrentRequests = 1 });
        using var gate = new GateConstraint(stopAt: 2);
        var running = Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 100, constraint: gate)));
        var waiting = Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 100)));
        await gate.Reached;
        var disposal = engine.DisposeAsync();
        gate.Open();
        await disposal;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Throws<ObjectDisposedException>(() => engine.GenerateAsync(Requests.Greedy(limit: 1)));
    }

    [Fact]
    public async Task A_fault_reaches_its_reader_and_nobody_else()
    {
        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions { MaxConcurrentRequests = 1 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 5, constraint: new Nothing()))));
        Assert.NotEmpty(await Requests.Ids(engine.GenerateAsync(Requests.Greedy(limit: 5))));
        Assert.Equal(0, engine.Load.PagesUsed);
    }

    [Fact]
    public async Task Output_ends_at_the_limit_or_at_the_end_of_the_window()
    {
        await using var engine = new InferenceEngine(Model);
        var tokens = await Requests.All(engine.GenerateAsync(Requests.Greedy(limit: 7, constraint: new GateConstraint())));
        Assert.Equal(7, tokens.Count);
        Assert.Equal(FinishReason.Length, tokens[^1].Finish);
        Assert.All(tokens.SkipLast(1), token => Assert.Null(token.Finish));

        tokens = await Requests.All(engine.GenerateAsync(Requests.Greedy(limit: int.MaxValue, prompt: new int[250], constraint: new GateConstraint())));
        Assert.Equal(Model.Config.ContextWindow - 250, tokens.Count);
        Assert.Equal(FinishReason.Length, tokens[^1].Finish);
    }

    [Fact]
    public async Task Output_ends_with_the_end_of_the_turn()
    {
        using var schema = JsonDocument.Parse("""{"const":"done"}""");
        await using var engine = new InferenceEngine(Model);
        var tokens = await Requests.All(engine.GenerateAsync(Requests.Greedy(limit: 50, constraint: new JsonConstraint(Model.ChatTemplate.Tokens, JsonGrammar.FromSchema(schema.RootElement)))));
        Assert.Equal("\"done\"", Model.Tokenizer.Decode(tokens.Select(token => token.Id)));
        Assert.Equal(FinishReason.Stop, tokens[^1].Finish);
        Assert.True(tokens[^1].IsSpecial);
        Assert.True(tokens[^1].Bytes.IsEmpty);
    }

    [Fact]
    public async Task A_seed_makes_sampling_repeatable()
    {
        await using var engine = new InferenceEngine(Model);
        var a = await Requests.Ids(engine.GenerateAsync(Sampled(seed: 1)));
        Assert.Equal(a, await Requests.Ids(engine.GenerateAsync(Sampled(seed: 1))));
        Assert.NotEqual(a, await Requests.Ids(engine.GenerateAsync(Sampled(seed: 2))));

        static GenerationRequest Sampled(ulong seed) => Requests.Greedy(limit: 40) with { Sampling = new SamplingOptions { Seed = seed, TopP = 0.95f } };
    }

    [Fact]
    public async Task Log_probabilities_come_when_asked_for()
    {
        await using var engine = new InferenceEngine(Model);
        var tokens = await Requests.All(engine.GenerateAsync(Requests.Greedy(limit: 5) with { TopLogprobs = 3, Logprobs = true, Constraint = new GateConstraint() }));
        Assert.All(tokens, token =>
        {
            Assert.Equal(3, token.TopLogprobs!.Count);
            Assert.True(token.Logprob < 0);
            Assert.Equal(token.TopLogprobs.OrderByDescending(top => top.Logprob).Select(top => top.Id), token.TopLogprobs.Select(top => top.Id));
            Assert.True(token.TopLogprobs[0].Logprob >= token.Logprob);
            Assert.InRange(token.TopLogprobs.Sum(top => Math.Exp(top.Logprob)), 0, 1.0001);
        });
        tokens = await Requests.All(engine.GenerateAsync(Requests.Greedy(limit: 5)));
        Assert.All(tokens, token => Assert.Null(token.TopLogprobs));
    }

    [Fact]
    public async Task What_cannot_be_generated_is_refused_at_once()
    {
        await using var engine = new InferenceEngine(Model);
        var good = Requests.Greedy(limit: 5);
        GenerationRequest[] bad =
        [
            good with { PromptIds = Array.Empty<int>() },
            good with { PromptIds = new int[Model.Config.ContextWindow] },
            good with { PromptIds = new[] { -1 } },
            good with { PromptIds = new[] { Model.Tokenizer.VocabularySize } },
            good with { MaxOutputTokens = 0 },
            good with { TopLogprobs = 21 },
            good with { Sampling = new SamplingOptions { Temperature = float.NaN } },
            good with { Sampling = new SamplingOptions { Temperature = 2.5f } },
            good with { Sampling = new SamplingOptions { TopP = -0.1f } },
            good with { Sampling = new SamplingOptions { PresencePenalty = 3 } },
        ];
        foreach (var request in bad)
            Assert.ThrowsAny<ArgumentException>(() => engine.GenerateAsync(request));
        Assert.Equal(0, engine.Load.Active);
    }

    [Fact]
    public async Task A_stream_is_read_once()
    {
        await using var engine = new InferenceEngine(Model);
        await using var stream = engine.GenerateAsync(Requests.Greedy(limit: 2));
        await Requests.Ids(stream);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Requests.Ids(stream));
    }

    private sealed class Nothing : ITokenConstraint
    {
        public int? ForcedToken => null;

        public bool Allows(in Token token) => false;

        public void Accept(in Token token)
        {
        }
    }
}
