using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Engine;

/// <summary>Prompts that begin alike: what was computed for one is not computed again for the next.</summary>
public sealed class PrefixReuseTests
{
    private static readonly LanguageModel Model = TinyModel.DenseF32().Load();
    private static readonly int[] Shared = Requests.Prompt(1, 100);

    [Fact]
    public async Task A_prompt_seen_before_gives_the_same_tokens_and_says_how_much_was_found()
    {
        var runner = new RecordingRunner(Model, pages: 100);
        await using var engine = new InferenceEngine(runner, Model.Tokenizer);
        var first = engine.GenerateAsync(Request(Shared));
        var expected = await Requests.Ids(first);
        Assert.Equal(0, first.CachedTokens);

        var second = engine.GenerateAsync(Request(Shared));
        Assert.Equal(expected, await Requests.Ids(second));
        Assert.Equal(96, second.CachedTokens);
        Assert.Contains(runner.Steps, step => step[0] is { Position: 96, Tokens: 4 });
        Assert.Equal(96, engine.Load.PromptTokensCached);
        Assert.Equal(104, engine.Load.PromptTokensComputed);
    }

    [Fact]
    public async Task The_last_token_of_a_prompt_is_computed_even_if_all_of_it_is_known()
    {
        await using var engine = new InferenceEngine(Model);
        var prompt = Shared[..96];
        var expected = await Requests.Ids(engine.GenerateAsync(Request(prompt)));
        var again = engine.GenerateAsync(Request(prompt));
        Assert.Equal(expected, await Requests.Ids(again));
        Assert.Equal(80, again.CachedTokens);
    }

    [Fact]
    public async Task The_next_turn_of_a_conversation_finds_the_answer_before_it()
    {
        await using var engine = new InferenceEngine(Model);
        var answer = await Requests.Ids(engine.GenerateAsync(Request(Shared)));
        int[] next = [.. Shared, .. answer, 90, 91, 92];

        var stream = engine.GenerateAsync(Request(next));
        var found = await Requests.Ids(stream);

        Assert.Equal((Shared.Length + answer.Length - 1) / 16 * 16, stream.CachedTokens);
        await using var fresh = new InferenceEngine(Model);
        Assert.Equal(await Requests.Ids(fresh.GenerateAsync(Request(next))), found);
    }

    [Fact]
    public async Task Prompts_that_part_share_what_is_before_and_nothing_after()
    {
        await using var engine = new InferenceEngine(Model);
        await Requests.Ids(engine.GenerateAsync(Request(Shared)));
        int[] other = [.. Shared[..50], .. Requests.Prompt(2, 50)];
        var stream = engine.GenerateAsync(Request(other));
        var actual = await Requests.Ids(stream);
        Assert.Equal(48, stream.CachedTokens);
        await using var fresh = new InferenceEngine(Model);
        Assert.Equal(await Requests.Ids(fresh.GenerateAsync(Request(other))), actual);
    }

    [Fact]
    public async Task Another_cache_key_finds_nothing()
    {
        await using var engine = new InferenceEngine(Model);
        foreach (var (key, cached) in new[] { ("a", 0), ("b", 0), (null, 0), ("a", 96), ("b", 96), (null, 96) })
        {
            var stream = engine.GenerateAsync(Request(Shared) with { CacheKey = key });
            await Requests.Ids(stream);
            Assert.Equal(cached, stream.CachedTokens);
        }
    }

    [Fact]
    public async Task Requests_that_run_at_the_same_time_share_pages_as_soon_as_these_are_full()
    {
        var runner = new RecordingRunner(Model, pages: 100);
        await using var engine = new InferenceEngine(runner, Model.Tokenizer);
        using var gate = new GateConstraint(stopAt: 2);
        var first = Requests.Ids(engine.GenerateAsync(Request(Shared) with { Constraint = gate, MaxOutputTokens = 3 }));
        await gate.Reached;
        var second = engine.GenerateAsync(Request(Shared) with { Constraint = new GateConstraint(), MaxOutputTokens = 3 });
        gate.Open();
        Assert.Equal(await first, await Requests.Ids(second));
        Assert.Equal(96, second.CachedTokens);
        var together = runner.Steps.First(step => step.Length == 2);
        Assert.Equal(together[0].FirstPage, together[1].FirstPage);
    }

    [Fact]
    public async Task What_others_pushed_out_is_computed_again()
    {
        var pages = Model.Config.ContextWindow / KvPages.PageSize;
        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions { CacheBytes = pages * KvPages.BytesPerPage(Model.Config) });
        var expected = await Requests.Ids(engine.GenerateAsync(Request(Shared)));
        await Requests.Ids(engine.GenerateAsync(Request(Requests.Prompt(9, 240))));

        var again = engine.GenerateAsync(Request(Shared));

        Assert.Equal(expected, await Requests.Ids(again));
        Assert.InRange(again.CachedTokens, 0, 16);
    }

    private static GenerationRequest Request(int[] prompt) => Requests.Greedy(10, prompt, new GateConstraint());
}
