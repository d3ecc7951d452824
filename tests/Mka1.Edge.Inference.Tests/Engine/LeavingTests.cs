using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Engine;

/// <summary>Readers that leave, are slow or never read: none of them keeps a page.</summary>
public sealed class LeavingTests
{
    private static readonly LanguageModel Model = TinyModel.DenseF32().Load();

    [Theory]
    [InlineData(1000)]
    [InlineData(20)]
    public async Task After_a_thousand_readers_that_left_at_random_no_page_is_in_use(int pages)
    {
        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions
        {
            MaxConcurrentRequests = 16, MaxQueuedRequests = 1000, CacheBytes = pages * KvPages.BytesPerPage(Model.Config),
        });
        var left = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var random = new Random(i);
            using var cancel = new CancellationTokenSource();
            var stream = engine.GenerateAsync(Requests.Greedy(50, Requests.Prompt(i % 40, random.Next(1, 100)), new GateConstraint()), cancel.Token);
            var after = random.Next(0, 12);
            var how = i % 4;
            try
            {
                if (after == 0)
                    await Leave(how, stream, cancel);
                await foreach (var token in stream)
                {
                    if (--after <= 0)
                        await Leave(how, stream, cancel);
                    if (how == 3)
                        await Task.Yield();
                }
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref left);
            }
        });

        var load = engine.Load;
        Assert.Equal((0, 0, 0), (load.PagesUsed, load.Active, load.Queued));
        Assert.InRange(left, 300, 1000);

        // And the pages are good for others still.
        await using var fresh = new InferenceEngine(Model);
        var request = Requests.Greedy(20, Requests.Prompt(5, 200));
        Assert.Equal(await Requests.Ids(fresh.GenerateAsync(request)), await Requests.Ids(engine.GenerateAsync(request)));
    }

    [Fact]
    public async Task A_stream_nobody_reads_ends_by_itself_and_holds_nothing()
    {
        await using var engine = new InferenceEngine(Model, new InferenceEngineOptions { MaxConcurrentRequests = 1 });
        var unread = engine.GenerateAsync(Requests.Greedy(30, constraint: new GateConstraint()));
        Assert.Equal(30, (await Requests.Ids(engine.GenerateAsync(Requests.Greedy(30, constraint: new GateConstraint())))).Length);
        Assert.Equal(0, engine.Load.PagesUsed);
        Assert.Equal(30, (await Requests.Ids(unread)).Length);
    }

    private static async Task Leave(int how, GenerationStream stream, CancellationTokenSource cancel)
    {
        if (how == 0)
            await cancel.CancelAsync();
        else if (how == 1)
            await stream.DisposeAsync();
        else if (how == 2)
            throw new OperationCanceledException();
    }
}
