using System.Net;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>What a client has been given is stored, whatever is killed when.</summary>
public sealed class DurabilityTests(Cluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    private const int Writers = 8;
    private const int Enough = 300;
    private const int GatewayKills = 4;
    private const int PostgresKills = 2;

    /// <summary>What a client may be told in place of an answer while things are killed, beside a connection that breaks.</summary>
    private static readonly string[] Honest =
        ["503 store_unavailable", "failed store_unavailable", "failed run_interrupted", "connection", "stream cut"];

    [Fact]
    public Task Nothing_acknowledged_is_lost_when_gateways_and_Postgres_are_killed() => RunAsync(async () =>
    {
        var kept = new Acknowledgements();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(number => WriteAsync(number, kept, done.Token)).ToList();
        for (var kill = 0; kill < GatewayKills; kill++)
        {
            await MoreAsync(kept);
            await Cluster.A.KillAsync();
            Cluster.Start(0);
            if (kill % (GatewayKills / PostgresKills) != 0) continue;
            await MoreAsync(kept);
            await Cluster.KillPostgresAsync();
            await Cluster.StartPostgresAsync();
        }

        await Patience.UntilAsync(() => Task.FromResult(kept.Count >= Enough), "enough is acknowledged");
        await done.CancelAsync();
        await Task.WhenAll(writers);
        await Cluster.HealAsync();

        var (atA, atB) = (await kept.AuditAsync(Cluster.A), await kept.AuditAsync(Cluster.B));
        Report($"durability: {kept.Count} acknowledged over {GatewayKills} kills of a gateway and {PostgresKills} of Postgres; lost or changed at a: {atA.Count}, at b: {atB.Count}");
        foreach (var (how, count) in kept.Refusals) Report($"  not acknowledged: {count} {how}");
        Assert.Empty(atA.Concat(atB));
        Assert.Empty(kept.Refusals.Keys.Except(Honest));
    });

    /// <summary>So that each kill meets writes in progress.</summary>
    private static async Task MoreAsync(Acknowledgements kept)
    {
        var before = kept.Count;
        await Patience.UntilAsync(() => Task.FromResult(kept.Count >= before + 20), "more is acknowledged");
    }

    private async Task WriteAsync(int number, Acknowledgements kept, CancellationToken done)
    {
        for (var turn = number; !done.IsCancellationRequested; turn++)
        {
            // Two in three at the replica that is killed.
            var replica = turn % 3 == 0 ? Cluster.B : Cluster.A;
            try
            {
                var request = PacedRequest.New(deltas: 1 + (turn % 7), delayMs: 5);
                if (turn % 2 == 0) await WriteJsonAsync(replica, request, kept);
                else await WriteStreamAsync(replica, request, kept);
            }
            catch (RefusedException e)
            {
                kept.Refuse(Describe(e.Answer));
            }
            catch (HttpRequestException)
            {
                kept.Refuse("connection");
                await Task.Delay(20, CancellationToken.None);
            }
            catch (IOException)
            {
                kept.Refuse("stream cut");
            }
        }
    }

    private static async Task WriteJsonAsync(GatewayProcess replica, PacedRequest request, Acknowledgements kept)
    {
        var answer = await replica.CreateAsync(request.Body());
        if (answer.Status == HttpStatusCode.OK && answer.ResponseStatus == "completed") kept.Acknowledge(answer.Id, answer.Body);
        else kept.Refuse(Describe(answer));
    }

    private static async Task WriteStreamAsync(GatewayProcess replica, PacedRequest request, Acknowledgements kept)
    {
        using var stream = await replica.StreamAsync(request.Body(stream: true));
        ReceivedEvent? last = null;
        while (await stream.ReadAsync(Patience.Within(Patience.Long)) is { } next) last = next;
        if (last is not { IsTerminal: true }) throw new IOException("No end came.");
        var end = new Answer(HttpStatusCode.OK, null, last.Response);
        if (last.Name == "response.completed") kept.Acknowledge(end.Id, end.Body);
        else kept.Refuse(Describe(end));
    }

    private static string Describe(Answer answer) =>
        answer.Status == HttpStatusCode.OK ? $"{answer.ResponseStatus} {answer.ErrorCode}" : $"{(int)answer.Status} {answer.ErrorCode}";
}
