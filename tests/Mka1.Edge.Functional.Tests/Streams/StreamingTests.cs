using Mka1.Edge.Functional.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Functional.Tests.Streams;

/// <summary>Text leaves while the model thinks, and thinking ends when nobody listens.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class StreamingTests(LocalRunFixture local)
{
    [Fact]
    public async Task A_stream_is_the_same_answer_as_the_json()
    {
        using var client = local.Client;
        const string Question = $$"""{"model":"{{LocalRunFixture.Model}}","input":"What is the capital of France?","temperature":0""";
        var whole = await client.CreateAsync(Question + "}");

        using var stream = await client.StreamAsync(Question + ",\"stream\":true}");
        var events = await stream.ReadToEndAsync();

        Assert.Equal(whole.GetProperty("output_text").GetString(), string.Concat(events.Select(e => e.TextDelta)));
        Assert.Equal(ResponseStatus.Completed, stream.Final.Status);
        Assert.Equal(whole.GetProperty("usage").GetProperty("output_tokens").GetInt64(), stream.Final.Usage!.OutputTokens);
        Assert.Equal("response.created", events[0].Type);
        Assert.Equal("response.completed", events[^1].Type);
    }

    [Fact]
    public async Task The_first_delta_arrives_while_the_model_is_still_decoding()
    {
        using var client = local.Client;
        using var stream = await client.StreamAsync(LongAnswer.Stream);

        await stream.ReadToFirstDeltaAsync();
        var then = await local.DefaultServer.LookAsync();
        var later = await local.DefaultServer.UntilAsync(
            health => health.Active == 0 || health.TokensDecoded > then.TokensDecoded, "more tokens after the first delta");

        Assert.Equal(1, then.Active);
        Assert.Equal(1, later.Active);
        Assert.True(later.TokensDecoded > then.TokensDecoded);

        await stream.ReadToEndAsync();
        Assert.Equal(ResponseStatus.Completed, stream.Final.Status);
        Assert.True(stream.Final.Usage!.OutputTokens >= LongAnswer.Tokens);
    }

    [Fact]
    public async Task A_disconnect_stops_decoding()
    {
        // Several at once, because each then takes longer than any machine needs to notice that its reader has left.
        const int Readers = 4;
        await local.DefaultServer.UntilAsync(health => health.Active == 0, "an idle model server");
        var before = await local.DefaultServer.LookAsync();
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(async _ =>
        {
            using var client = local.Client;
            using var stream = await client.StreamAsync(LongAnswer.Stream);
            await stream.ReadToFirstDeltaAsync();
        }));

        var idle = await local.DefaultServer.UntilAsync(health => health.Active == 0, "an idle model server after the disconnects");
        Assert.InRange(idle.TokensDecoded - before.TokensDecoded, Readers, (Readers * LongAnswer.Tokens) - 1);
        Assert.Equal(idle, await local.DefaultServer.LookAsync());
        Assert.Equal(idle, await local.DefaultServer.LookAsync());
    }

    [Fact]
    public async Task Many_streams_at_once_each_keep_the_rules()
    {
        using var client = local.Client;
        var texts = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            using var stream = await client.StreamAsync(
                $$"""{"model":"{{LocalRunFixture.Model}}","input":"What is the capital of France?","temperature":0,"stream":true}""");
            return string.Concat((await stream.ReadToEndAsync()).Select(e => e.TextDelta));
        }));
        Assert.Single(texts.Distinct());
    }
}
