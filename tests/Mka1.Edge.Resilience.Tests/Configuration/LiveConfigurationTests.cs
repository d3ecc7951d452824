using System.Diagnostics;
using System.Text.Json;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Configuration;

/// <summary>Promise: while operators change the configuration in every way and break it at times, no client notices, and every replica follows.</summary>
[Collection(ReloadCollection.Name)]
public sealed class LiveConfigurationTests(ITestOutputHelper output)
{
    private const int Reloads = 50;
    // More than the 300 that are promised: a sender that waits for its answer misses a beat now and then.
    private const int PerSecond = 400;
    private const int OpenStreams = 100;

    private static readonly (Func<string, string> Break, string Reason)[] Faults =
    [
        (text => text[..^20], "edge.json"),
        (text => text.Replace("\"limits\"", "\"limit\"", StringComparison.Ordinal), "limit: there is no such key. Did you mean 'limits'?"),
        (text => text.Replace("\"pool\":\"steady\"", "\"pool\":\"none\"", StringComparison.Ordinal), "there is no pool 'none'"),
        (text => text.Replace("\"keepAliveSeconds\":", "\"keepAliveSeconds\":100", StringComparison.Ordinal), "limits.keepAliveSeconds"),
    ];

    [Fact]
    public async Task Fifty_reloads_under_load_fail_no_request_and_drop_no_stream()
    {
        await using var pair = await ReplicaPair.StartAsync();
        try
        {
            var took = new List<TimeSpan>();
            var began = Stopwatch.StartNew();
            SteadyLoad load;
            await using (load = new SteadyLoad(pair, PerSecond, OpenStreams))
            {
                await Patience.UntilAsync(() => Task.FromResult(load.Open >= OpenStreams * 9 / 10), "the streams are open");
                for (var (i, applied, refused) = (1, 0, 0); i <= Reloads; i++)
                {
                    var fault = i % 4 == 0 ? Faults[i / 4 % Faults.Length] : default;
                    if (fault.Break is null) applied++;
                    else refused++;
                    took.Add(await ChangeAsync(pair, i, fault.Break?.Invoke(pair.Text(i)) ?? pair.Text(i), applied, refused, fault.Reason));
                }
            }

            var seconds = began.Elapsed.TotalSeconds;
            took.Sort();
            output.WriteLine(
                $"{Reloads} reloads, {Reloads / 4} of them refused, in {seconds:F1} s under {load.Requests / seconds:F0} requests/s and {OpenStreams} open streams: "
                + $"{load.Failed.Count} of {load.Requests} requests failed, {load.Dropped.Count} of {load.Streams} streams were dropped; "
                + $"on both replicas after {took[took.Count / 2].TotalMilliseconds:F0} ms (median), {took[^1].TotalMilliseconds:F0} ms (longest)");
            Assert.Empty(load.Failed);
            Assert.Empty(load.Dropped);
            Assert.True(load.Streams >= OpenStreams && load.Requests > Reloads);
        }
        catch
        {
            output.WriteLine(pair.Log);
            throw;
        }
    }

    /// <summary>The checker itself: what peers do in place of a reload is found.</summary>
    [Fact]
    public async Task A_restart_in_place_of_a_reload_would_be_seen()
    {
        await using var pair = await ReplicaPair.StartAsync();
        SteadyLoad load;
        await using (load = new SteadyLoad(pair, perSecond: 60, streams: 10))
        {
            await Patience.UntilAsync(() => Task.FromResult(load.Open == 10), "the streams are open");
            await pair[0].KillAsync();
            await Patience.UntilAsync(() => Task.FromResult(load is { Failed.Count: > 0, Dropped.Count: > 0 }), "the clients have noticed");
            pair.Start(0);
            await pair.ReadyAsync(0);
        }

        output.WriteLine($"A killed replica: {load.Failed.Count} requests failed, {load.Dropped.Count} streams were dropped");
    }

    [Fact]
    public async Task A_hangup_has_the_file_read()
    {
        await using var pair = await ReplicaPair.StartAsync(watch: false);
        pair.File.Edit(pair.Text(1, watch: false));
        await Signals.HangUpAsync(pair[0].Id);
        await Patience.UntilAsync(async () => Applied(await pair.StatusAsync(0)) == 1, "the file has been read");
        var (told, other) = (await pair.StatusAsync(0), await pair.StatusAsync(1));
        Assert.Equal(("signal", "start"), (told.GetProperty("source").GetString(), other.GetProperty("source").GetString()));
        Assert.NotEqual(told.GetProperty("version").GetString(), other.GetProperty("version").GetString());
        Assert.False(pair[0].HasExited);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await pair[0].CreateAsync(PacedRequest.New(1, 0).Body())).Status);
    }

    /// <summary>Changes the file, and waits until both replicas have done with it what was to be done.</summary>
    /// <returns>How long that took.</returns>
    private static async Task<TimeSpan> ChangeAsync(ReplicaPair pair, int number, string text, int applied, int refused, string? reason)
    {
        Action<string> write = (number % 3) switch
        {
            0 => pair.File.Edit,
            1 => text => pair.File.Rename(text),
            _ => pair.File.Swap,
        };
        write(text);
        var clock = Stopwatch.StartNew();
        JsonElement[] statuses = [];
        await Patience.UntilAsync(
            async () =>
            {
                statuses = await Task.WhenAll(Enumerable.Range(0, pair.Count).Select(pair.StatusAsync));
                return statuses.All(status => Applied(status) == applied && status.GetProperty("refused").GetInt32() >= refused && status.TryGetProperty("fault", out _) == reason is not null);
            },
            $"both replicas have followed change {number}: {applied} applied, {refused} refused",
            Patience.Hang);
        var took = clock.Elapsed;
        Assert.Single(statuses.Select(status => status.GetProperty("version").GetString()).Distinct());
        if (reason is null) Assert.All(statuses, status => Assert.Equal("file", status.GetProperty("source").GetString()));
        else Assert.All(statuses, status => Assert.Contains(
                status.GetProperty("fault").GetProperty("faults").EnumerateArray(), fault => fault.GetString()!.Contains(reason, StringComparison.Ordinal)));
        return took;
    }

    private static int Applied(JsonElement status) => status.GetProperty("applied").GetInt32();
}
