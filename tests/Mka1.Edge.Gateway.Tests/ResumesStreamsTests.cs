using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Stores.Streams;
using Microsoft.Extensions.DependencyInjection;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: whoever reads a stored stream, whenever and from wherever on, hears the bytes its creator heard.</summary>
public sealed class ResumesStreamsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task A_replay_is_byte_for_byte_what_the_creator_heard()
    {
        gateway.Dense.Play(Scripts.Completed("Hé", "😀", "\0\u2028\n\n"));
        var (id, heard) = await CreateAsync();
        Assert.Equal(heard, await gateway.ReadAsync(id + "?stream=true"));
        Assert.Equal("text/event-stream", (await gateway.FollowAsync(id)).Answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task A_failed_stream_replays_as_it_failed()
    {
        gateway.Dense.Play(async call =>
        {
            await call.StartAsync();
            foreach (var e in (SseEvent[])[.. Transcript.Opening(), Transcript.Delta("Hel", 4)]) await call.ChunkAsync(e.ToString());
            await call.EndAsync();
        });
        var (id, heard) = await CreateAsync();
        StrictClient.AssertFailed(Wire.Events(heard), "upstream_error");
        Assert.Equal(heard, await gateway.ReadAsync(id + "?stream=true"));
    }

    [Fact]
    public async Task Resuming_after_any_number_gives_what_comes_behind_it()
    {
        gateway.Dense.Play(Scripts.Completed("a", "b", "c"));
        var (id, heard) = await CreateAsync();
        var events = Wire.Events(heard);
        for (var after = -3; after < events.Count + 2; after++)
        {
            var rest = string.Concat(events.SkipLast(1).Skip(after + 1)) + Done;
            Assert.Equal(rest, await gateway.ReadAsync($"{id}?stream=true&starting_after={after}"));
            Assert.Equal(rest, await ResumedAsync(id, after.ToString()));
        }

        foreach (var beyond in (string[])["9007199254740991", "1000000"]) Assert.Equal(Done, await gateway.ReadAsync($"{id}?stream=true&starting_after={beyond}"));
        foreach (var beyond in (string[])["9007199254740991", "9223372036854775807"]) Assert.Equal(Done, await ResumedAsync(id, beyond));
        foreach (var before in (string[])["-9007199254740991"]) Assert.Equal(heard, await gateway.ReadAsync($"{id}?stream=true&starting_after={before}"));
        foreach (var none in (string[])["-9223372036854775808", "abc", "99999999999999999999"]) Assert.Equal(heard, await ResumedAsync(id, none));
    }

    [Theory]
    [InlineData("stream=true&starting_after=abc")]
    [InlineData("stream=true&starting_after=1.5")]
    [InlineData("stream=true&starting_after=99999999999999999999")]
    [InlineData("stream=maybe")]
    public async Task A_query_that_means_nothing_is_refused(string query)
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        using var answer = await gateway.AskAsync($"{IdOf(await gateway.CreateAsync())}?{query}");
        await answer.AssertRefusedAsync(400);
    }

    [Fact]
    public async Task Many_readers_at_once_from_anywhere_hear_the_same_stream_while_it_is_made()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        model.Say(Transcript.Opening());
        using var creator = await gateway.BeginAsync();
        await creator.UntilAsync("content_part.added");
        var id = creator.Id;

        var random = new Random(11);
        var readers = new List<(long After, Task<string> Text)>();
        var deltas = Enumerable.Range(0, 300).Select(i => $"w{i} ").ToArray();
        for (var i = 0; i < deltas.Length; i++)
        {
            model.Say(Transcript.Delta(deltas[i], 4 + i));
            if (i % 6 != 0) continue;
            var after = random.Next(-1, i + 20);
            readers.Add((after, gateway.ReadAsync($"{id}?stream=true&starting_after={after}")));
        }

        model.End(Transcript.Closing(string.Concat(deltas), 4 + deltas.Length));
        var heard = await creator.EndAsync();
        var events = Wire.Events(heard);
        StrictClient.Follow(events);
        Assert.Equal(50, readers.Count);
        foreach (var (after, text) in readers) Assert.Equal(string.Concat(events.SkipLast(1).Skip((int)after + 1)) + Done, await text);
    }

    [Fact]
    public async Task A_creator_that_was_cut_off_goes_on_where_it_was()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        model.Say([.. Transcript.Opening(), .. Transcript.Deltas("Hel", "lo")]);
        using var creator = await gateway.BeginAsync();
        await creator.UntilAsync("\"lo\"");
        creator.Dispose();

        using var resumed = await gateway.FollowAsync(creator.Id, "&starting_after=4");
        await resumed.UntilAsync("\"lo\"");
        Assert.DoesNotContain("\"Hel\"", resumed.Text, StringComparison.Ordinal);
        model.End([Transcript.Delta("!", 6), .. Transcript.Closing("Hello!", 7)]);
        var rest = await resumed.EndAsync();

        Assert.Equal(creator.Text + rest[rest.IndexOf("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":6", StringComparison.Ordinal)..], await gateway.ReadAsync(creator.Id + "?stream=true"));
        Assert.Equal("Hello!", StrictClient.Follow(Wire.Events(await gateway.ReadAsync(creator.Id + "?stream=true"))).OutputText);
        Assert.Single(gateway.Dense.Calls);
    }

    [Fact]
    public async Task A_reader_behind_the_window_reads_on_from_the_log_and_misses_nothing()
    {
        await using var narrow = await GatewayFixture.StartAsync(config => config with { Stores = config.Stores with { StreamWindowBytes = 16_384 } });
        var model = new SteppedStream();
        narrow.Dense.Play(model.PlayAsync);
        model.Say(Transcript.Opening());
        using var creator = await narrow.BeginAsync();
        await creator.UntilAsync("content_part.added");

        // More than any buffer between the gateway and a client that does not read, and far more events than one look takes.
        var deltas = Enumerable.Range(0, 2300).Select(i => $"{i:d6}" + new string('x', 4000)).ToArray();
        for (var i = 0; i < deltas.Length; i++) model.Say(Transcript.Delta(deltas[i], 4 + i));
        model.End(Transcript.Closing(string.Concat(deltas), 4 + deltas.Length));
        await narrow.UntilAsync(creator.Id, "completed");

        var heard = Wire.Events(await creator.EndAsync());
        Assert.Equal(deltas.Length + 9, heard.Count);
        Assert.Equal(string.Concat(deltas), StrictClient.Follow(heard).OutputText);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_back_neither_the_run_nor_other_readers()
    {
        var model = new SteppedStream();
        gateway.Dense.Play(model.PlayAsync);
        model.Say(Transcript.Opening());
        using var creator = await gateway.BeginAsync();
        await creator.UntilAsync("content_part.added");
        using var idle = await gateway.FollowAsync(creator.Id);

        var deltas = Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), 50_000)).ToArray();
        for (var i = 0; i < deltas.Length; i++) model.Say(Transcript.Delta(deltas[i], 4 + i));
        model.End(Transcript.Closing("", 4 + deltas.Length));
        var heard = await creator.EndAsync();
        Assert.Equal(heard, await idle.EndAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("&starting_after=-5")]
    [InlineData("&starting_after=4")]
    public async Task When_the_log_is_gone_the_end_is_told_and_nothing_else(string query)
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var (id, heard) = await CreateAsync();
        await gateway.App.Services.GetRequiredService<IStreamLog>().DeleteAsync(id);
        Assert.Equal(Wire.Events(heard)[^2] + Done, await gateway.ReadAsync($"{id}?stream=true{query}"));
    }

    [Fact]
    public async Task A_client_that_has_the_end_is_not_told_it_again_when_the_log_is_gone()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var (id, heard) = await CreateAsync();
        await gateway.App.Services.GetRequiredService<IStreamLog>().DeleteAsync(id);
        Assert.Equal(Done, await gateway.ReadAsync($"{id}?stream=true&starting_after={Wire.Events(heard).Count - 2}"));
    }

    [Fact]
    public async Task A_log_expires_in_its_time()
    {
        var clock = new FakeClock();
        await using var forgetful = await GatewayFixture.StartAsync(config => config with { Stores = config.Stores with { StreamLogHours = 1 } }, clock);
        forgetful.Dense.Play(Scripts.Completed("Hello"));
        var heard = await forgetful.StreamAsync();
        var id = StrictClient.Follow(heard).Id;
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(heard, Wire.Events(await forgetful.ReadAsync(id + "?stream=true")));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(heard.TakeLast(2), Wire.Events(await forgetful.ReadAsync(id + "?stream=true")));
    }

    [Fact]
    public async Task An_answer_that_was_no_stream_is_told_as_its_end()
    {
        gateway.Dense.Play(Scripts.Completed("Hello"));
        var body = await gateway.CreateAsync();
        var told = Wire.Events(await gateway.ReadAsync(IdOf(body) + "?stream=true"));
        Assert.Equal(["response.completed", ""], told.Select(e => e.Name));
        Assert.Equal(body, ResponseOf(told[0]));
        Assert.Equal(0, told[0].Json.GetProperty("sequence_number").GetInt64());
    }

    private async Task<(string Id, string Heard)> CreateAsync()
    {
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(stream: true));
        var heard = await answer.Content.ReadAsStringAsync();
        var id = StrictClient.Follow(Wire.Events(heard)).Id;

        // The end is told before the run is put away, and until then it is read from the run itself.
        if (gateway.App.Services.GetRequiredService<RunHost>().Find(id) is { } live) await live.Done.Soon();
        return (id, heard);
    }

    private async Task<string> ResumedAsync(string id, string lastEventId)
    {
        using var request = About(id + "?stream=true");
        request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await gateway.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
