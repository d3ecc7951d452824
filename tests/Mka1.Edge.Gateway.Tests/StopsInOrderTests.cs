using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Microsoft.Extensions.DependencyInjection;
using static Mka1.Edge.Gateway.Tests.Support.StoredResponses;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>
/// Promise: a gateway that is told to stop leaves what nobody has seen to others, gives the rest its time and then an honest
/// end, and records nothing as cancelled.
/// </summary>
public sealed class StopsInOrderTests : IAsyncLifetime
{
    private static readonly Owner Acme = new("acme", null);

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync(config => config with
    {
        Background = config.Background with { DrainSeconds = 0.2 },
        Limits = config.Limits with { ShutdownSeconds = 4 },
    });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_background_run_of_which_nobody_saw_anything_goes_back_into_the_queue()
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence(Transcript.Opening().Take(2)));
        var id = IdOf(await _gateway.CreateAsync("\"background\":true"));
        var call = await _gateway.Dense.NextCallAsync();
        await _gateway.UntilAsync(id, "in_progress");
        await StopAsync();

        await call.Aborted.Soon();
        Assert.Equal(StoredStatus.Queued, (await FindAsync(id)).Status);
        var run = await _gateway.App.Services.GetRequiredService<IRunStore>().PeekAsync(id);
        Assert.Null(run!.Run.Replica);
        Assert.False(run.Emitted);

        // Whoever runs it again will book it; a row of ours would stand in the way of theirs.
        Assert.Empty(_gateway.Ledger.Rows());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_background_run_of_which_something_was_seen_ends_as_interrupted(int events)
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening().Append(Transcript.Delta("Hel", 4)).Take(events)]));
        using var reader = await _gateway.BeginAsync("\"background\":true");
        await reader.UntilAsync(events == 3 ? "output_item.added" : "\"Hel\"");
        var stopped = StopAsync();
        var final = StrictClient.Follow(Wire.Events(await reader.EndAsync()));
        await stopped;
        Assert.Equal(("run_interrupted", events == 3 ? "" : "Hel"), (final.Error!.Code, final.OutputText));
        Assert.Equal(StoredStatus.Failed, (await FindAsync(reader.Id)).Status);
        Assert.Single(_gateway.Ledger.Rows());
    }

    [Fact]
    public async Task An_event_that_is_no_output_was_seen_all_the_same()
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening().Take(2), Transcript.Event("mka1:progress", 2, """{"percent":50}""")]));
        using var reader = await _gateway.BeginAsync("\"background\":true");
        await reader.UntilAsync("percent");
        var stopped = StopAsync();
        Assert.Equal("run_interrupted", StrictClient.Follow(Wire.Events(await reader.EndAsync())).Error!.Code);
        await stopped;
    }

    [Fact]
    public async Task A_run_that_is_being_taken_up_when_the_stop_comes_goes_back_into_the_queue()
    {
        var (store, reached, goOn) = (new FaultyRunStore(), new TaskCompletionSource(), new TaskCompletionSource());
        store.BeforeStart = async _ =>
        {
            reached.TrySetResult();
            await goOn.Task;
        };
        await using var slow = await GatewayFixture.StartAsync(
            config => config with { Background = config.Background with { DrainSeconds = 0.2 } },
            services: services => services.AddSingleton<IRunStore>(provider =>
            {
                store.Inner = provider.GetRequiredService<MemoryStoreSet>().Runs;
                return store;
            }));
        slow.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]));
        var id = IdOf(await slow.CreateAsync("\"background\":true"));
        await reached.Task.Soon();
        var stopping = new TaskCompletionSource();
        slow.App.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        var stopped = slow.App.StopAsync().Soon();
        await stopping.Task.Soon();
        goOn.SetResult();
        await stopped;

        // Whoever takes it up next runs it as if nothing had been.
        var left = (await store.PeekAsync(id))!;
        Assert.Null(left.Run.Replica);
        Assert.False(left.Emitted);
        Assert.Empty(slow.Ledger.Rows());
    }

    [Fact]
    public async Task A_queued_run_stays_queued()
    {
        await using var busy = await GatewayFixture.StartAsync(config => config with { Background = config.Background with { Workers = 1, DrainSeconds = 0 } });
        busy.Dense.Play(Scripts.Silence);
        await busy.CreateAsync("\"background\":true");
        await busy.Dense.NextCallAsync();
        var id = IdOf(await busy.CreateAsync("\"background\":true"));
        await busy.App.StopAsync().Soon();
        Assert.Null((await busy.App.Services.GetRequiredService<IRunStore>().PeekAsync(id))!.Run.Replica);
        Assert.Single(busy.Dense.Calls);
    }

    [Fact]
    public async Task A_foreground_run_whose_time_is_over_ends_as_interrupted_and_its_reader_hears_of_it()
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]));
        using var reader = await _gateway.BeginAsync();
        await reader.UntilAsync("\"Hel\"");
        var stopped = StopAsync();
        var final = StrictClient.Follow(Wire.Events(await reader.EndAsync()));
        await stopped;
        Assert.Equal(("run_interrupted", "Hel"), (final.Error!.Code, final.OutputText));
        var stored = await FindAsync(reader.Id);
        Assert.Equal(StoredStatus.Failed, stored.Status);
        Assert.Equal("failed", JsonDocument.Parse(stored.Body).RootElement.GetProperty("status").GetString());
        Assert.Equal(1, Assert.Single(_gateway.Ledger.Rows()).OutputTokens);
    }

    [Fact]
    public async Task A_run_whose_client_has_left_ends_as_interrupted_too()
    {
        _gateway.Dense.Play(Scripts.StreamThenSilence([.. Transcript.Opening(), Transcript.Delta("Hel", 4)]));
        using var reader = await _gateway.BeginAsync();
        await reader.UntilAsync("\"Hel\"");
        reader.Dispose();
        await _gateway.Log.WaitForAsync(line => line.EventId == 1000);
        await StopAsync();
        Assert.Equal(StoredStatus.Failed, (await FindAsync(reader.Id)).Status);
    }

    private Task StopAsync() => _gateway.App.StopAsync().Soon();

    private async Task<StoredResponse> FindAsync(string id) =>
        await _gateway.App.Services.GetRequiredService<IResponseStore>().FindAsync(Acme, id) ?? throw new InvalidOperationException($"{id} is not there.");
}
