using System.Text;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Microsoft.Extensions.DependencyInjection;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: a run that this replica holds comes to an end however often the store is away meanwhile. Nobody else would end it
/// for as long as the replica lives.
/// </summary>
public sealed class KeepsHoldOfRunsTests : IAsyncLifetime
{
    private const string Background = "\"background\":true";

    private readonly FaultyRunStore _store = new();
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync(
            config => config with
            {
                Stores = config.Stores with { StorePatienceSeconds = 0 },
                Background = config.Background with { PollSeconds = 0.05 },
            },
            services: services => services.AddSingleton<IRunStore>(provider =>
            {
                _store.Inner = provider.GetRequiredService<MemoryStoreSet>().Runs;
                return _store;
            }));
        _gateway.Dense.Play(Scripts.Completed("Hello"));
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task When_it_cannot_be_begun_it_is_begun_later()
    {
        _store.Fail(starts: 3);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(IdOf(await _gateway.CreateAsync(Background)));
        foreach (var id in ids) await _gateway.UntilAsync(id, "completed");
        Assert.Equal(5, _gateway.Dense.Calls.Count);
    }

    [Fact]
    public async Task When_beginning_it_fails_for_good_it_ends_as_failed()
    {
        _store.Fault = static () => new InvalidOperationException("scripted");
        _store.Fail(starts: 1);
        var failed = await _gateway.UntilAsync(IdOf(await _gateway.CreateAsync(Background)), "failed");
        Assert.Equal("server_error", failed.GetProperty("error").GetProperty("code").GetString());
        await _gateway.UntilAsync(IdOf(await _gateway.CreateAsync(Background)), "completed");
    }

    [Fact]
    public async Task When_it_cannot_be_marked_as_seen_nothing_of_it_is_shown_and_it_ends_as_failed()
    {
        _store.Fail(marks: 10);
        var heard = await _gateway.StreamAsync(Background);
        Assert.Equal(["response.created", "response.queued", "response.in_progress", "response.failed", ""], heard.Select(e => e.Name));
        var final = StrictClient.Follow(heard);
        Assert.Equal("store_unavailable", final.Error!.Code);
        await _gateway.UntilAsync(final.Id, "failed");
    }

    [Fact]
    public async Task When_it_is_cancelled_as_its_first_words_come_its_stream_ends_without_a_gap_and_stays()
    {
        _store.BeforeMark = id => _gateway.ReadAsync(id + "/cancel", HttpMethod.Post);
        var heard = await _gateway.StreamAsync(Background);
        Assert.Equal(["response.created", "response.queued", "response.in_progress", "response.incomplete", ""], heard.Select(e => e.Name));
        var final = ResponseOf(heard[^2]);
        Assert.Equal("cancelled", StatusOf(final));
        Assert.Contains("\"sequence_number\":3,", heard[^2].Data, StringComparison.Ordinal);
        Assert.Equal(heard, Wire.Events(await _gateway.ReadAsync(IdOf(final) + "?stream=true")));
    }

    [Theory]
    [InlineData(Background)]
    [InlineData("\"background\":false")]
    public async Task When_its_end_cannot_be_stored_its_readers_are_told_and_the_failure_is_stored_later(string extra)
    {
        _store.Fail(endings: 1);
        var heard = await _gateway.StreamAsync(extra);
        var final = StrictClient.Follow(heard);
        Assert.Equal("store_unavailable", final.Error!.Code);
        await _gateway.UntilAsync(final.Id, "failed");
        Assert.Equal(ResponseOf(heard[^2]), await _gateway.ReadAsync(final.Id));
        Assert.Equal(heard, Wire.Events(await _gateway.ReadAsync(final.Id + "?stream=true")));
    }

    [Fact]
    public async Task When_ending_it_fails_for_a_reason_of_our_own_it_ends_all_the_same()
    {
        _store.Fault = static () => new InvalidOperationException("scripted");
        _store.Fail(endings: 2);
        var final = StrictClient.Follow(await _gateway.StreamAsync(Background));
        Assert.Equal("server_error", final.Error!.Code);
        await _gateway.UntilAsync(final.Id, "failed");
    }

    [Fact]
    public async Task When_it_can_neither_be_begun_nor_ended_it_is_not_in_the_way_of_others()
    {
        var request = Encoding.UTF8.GetBytes(GatewayFixture.Hello(extra: Background));
        await _gateway.App.Services.GetRequiredService<IResponseStore>().AddAsync(new ResponseAddition(
            new StoredResponse
            {
                Id = "resp_" + Guid.NewGuid().ToString("N"),
                Owner = new Owner("acme", null),
                Status = StoredStatus.Queued,
                Background = true,
                CreatedAt = 1_767_225_600,
                Input = "[]"u8.ToArray(),
                Body = "no JSON"u8.ToArray(),
            },
            [],
            new NewRun("main", "req_1", Replica: null, Priority: 2, request, Context: null, Webhook: null)));
        await _gateway.Log.WaitForAsync(line => line.EventId == 2003);
        await _gateway.UntilAsync(IdOf(await _gateway.CreateAsync(Background)), "completed");
    }
}
