using System.ClientModel;
using Mka1.Edge.Functional.Tests.Support;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>Background responses and streams by id as the OpenAI .NET client sees them.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class BackgroundTests(LocalRunFixture local)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private ResponsesClient Client => Connect.To(local.Run.Address, local.Run.Tenants[0].Key);

    [Fact]
    public async Task Polling_finds_the_answer()
    {
        ResponseResult queued = await Client.CreateResponseAsync(Background(Capital()));
        Assert.Equal(ResponseStatus.Queued, queued.Status);
        Assert.True(queued.BackgroundModeEnabled);

        var done = await UntilAsync(queued.Id, status => status is not (ResponseStatus.Queued or ResponseStatus.InProgress));
        Assert.Equal(ResponseStatus.Completed, done.Status);
        Assert.Contains("Paris", done.GetOutputText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_stops_the_model()
    {
        ResponseResult queued = await Client.CreateResponseAsync(Background(Long()));
        await UntilAsync(queued.Id, status => status == ResponseStatus.InProgress);
        ResponseResult cancelled = await Client.CancelResponseAsync(queued.Id);
        Assert.Equal(ResponseStatus.Cancelled, cancelled.Status);

        await local.DefaultServer.UntilAsync(health => health.Active == 0, "an idle model server after the cancellation");
        ResponseResult again = await Client.CancelResponseAsync(queued.Id);
        Assert.Equal(ResponseStatus.Cancelled, again.Status);
        Assert.Equal(ResponseStatus.Cancelled, (await Client.GetResponseAsync(queued.Id)).Value.Status);
    }

    [Fact]
    public async Task What_is_not_in_the_background_cannot_be_cancelled()
    {
        ResponseResult created = await Client.CreateResponseAsync(Capital());
        Assert.Equal(400, (await Assert.ThrowsAsync<ClientResultException>(() => Client.CancelResponseAsync(created.Id))).Status);
    }

    [Fact]
    public async Task A_stream_by_id_gives_exactly_the_rest()
    {
        var options = Capital();
        options.StreamingEnabled = true;
        var updates = await ReadAsync(await Client.CreateResponseStreamingAsync(options));
        var id = Assert.IsType<StreamingResponseCreatedUpdate>(updates[0]).Response.Id;

        Assert.Equal(Described(updates), Described(await ReadAsync(await Client.GetResponseStreamingAsync(id))));
        Assert.Equal(Described(updates.Skip(4)), Described(await ReadAsync(await Client.GetResponseStreamingAsync(After(id, 3)))));
    }

    [Fact]
    public async Task A_background_stream_is_followed_live_after_a_cut()
    {
        var options = Background(Long());
        options.StreamingEnabled = true;
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in await Client.CreateResponseStreamingAsync(options))
        {
            updates.Add(update);
            if (updates.Count == 30) break;
        }

        var id = Assert.IsType<StreamingResponseCreatedUpdate>(updates[0]).Response.Id;
        updates.AddRange(await ReadAsync(await Client.GetResponseStreamingAsync(After(id, updates[^1].SequenceNumber))));

        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(update => update.SequenceNumber));
        var final = Assert.IsType<StreamingResponseCompletedUpdate>(updates[^1]).Response;
        Assert.Equal(final.GetOutputText(), string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(delta => delta.Delta)));
        Assert.Equal(final.GetOutputText(), (await Client.GetResponseAsync(id)).Value.GetOutputText());
    }

    private static CreateResponseOptions Capital() =>
        new(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("What is the capital of France?")]) { Temperature = 0 };

    private static CreateResponseOptions Long() => new(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("Say seven many times.")])
    {
        Temperature = 0,
        TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("numbers", BinaryData.FromString(LongAnswer.Schema)) },
    };

    private static CreateResponseOptions Background(CreateResponseOptions options)
    {
        options.BackgroundModeEnabled = true;
        return options;
    }

    private static GetResponseOptions After(string id, int number) => new(id) { StartingAfter = number, StreamingEnabled = true };

    private static async Task<List<StreamingResponseUpdate>> ReadAsync(IAsyncEnumerable<StreamingResponseUpdate> stream)
    {
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in stream) updates.Add(update);
        return updates;
    }

    private static List<(int, Type, string?)> Described(IEnumerable<StreamingResponseUpdate> updates) =>
        [.. updates.Select(update => (update.SequenceNumber, update.GetType(), (update as StreamingResponseOutputTextDeltaUpdate)?.Delta))];

    private async Task<ResponseResult> UntilAsync(string id, Func<ResponseStatus?, bool> seen)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            ResponseResult now = await Client.GetResponseAsync(id, patience.Token);
            if (seen(now.Status)) return now;
            await Task.Delay(20, patience.Token);
        }
    }
}
