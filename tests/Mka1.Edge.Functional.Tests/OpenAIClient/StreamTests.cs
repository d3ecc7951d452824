using System.ClientModel;
using Mka1.Edge.Functional.Tests.Support;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>Streams as the OpenAI .NET client sees them.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class StreamTests(LocalRunFixture local)
{
    private ResponsesClient Client => Connect.To(local.Run.Address, local.Run.Tenants[0].Key);

    [Fact]
    public async Task Deltas_add_up_to_the_answer()
    {
        var text = "";
        ResponseResult? final = null;
        await foreach (var update in await Client.CreateResponseStreamingAsync(Question("What is the capital of France?")))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate completed) final = completed.Response;
        }

        Assert.NotNull(final);
        Assert.Equal(final.GetOutputText(), text);
        Assert.Contains("Paris", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_what_is_not_stored_stops_the_model()
    {
        await local.DefaultServer.UntilAsync(health => health.Active == 0, "an idle model server");
        var before = await local.DefaultServer.LookAsync();
        using var cancel = new CancellationTokenSource();
        var options = Question("Say seven many times.");
        options.StoredOutputEnabled = false;
        options.TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("numbers", BinaryData.FromString(LongAnswer.Schema)) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in (await Client.CreateResponseStreamingAsync(options, cancel.Token)).WithCancellation(cancel.Token))
            {
                if (update is StreamingResponseOutputTextDeltaUpdate) await cancel.CancelAsync();
            }
        });

        var idle = await local.DefaultServer.UntilAsync(health => health.Active == 0, "an idle model server after the cancellation");
        Assert.InRange(idle.TokensDecoded - before.TokensDecoded, 1, LongAnswer.Tokens - 1);
    }

    [Fact]
    public async Task A_refusal_is_thrown_before_the_first_event()
    {
        var options = new CreateResponseOptions("no-such-model", [ResponseItem.CreateUserMessageItem("Hello")]) { StreamingEnabled = true };
        var refusal = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (var update in await Client.CreateResponseStreamingAsync(options)) Assert.Fail($"An event came: {update}");
        });
        Assert.Equal(404, refusal.Status);
    }

    private static CreateResponseOptions Question(string text) =>
        new(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem(text)]) { Temperature = 0, StreamingEnabled = true };
}
