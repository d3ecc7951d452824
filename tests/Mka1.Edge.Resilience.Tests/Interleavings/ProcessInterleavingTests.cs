using FsCheck;
using FsCheck.Fluent;
using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>The promise of <see cref="LocalInterleavingTests"/> on two processes over Redis and Postgres, which are killed meanwhile.</summary>
public sealed class ProcessInterleavingTests(ModelCluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output), IClassFixture<ModelCluster>
{
    private const int Runs = 3;
    private const int Longest = 40;

    /// <summary>One of these waits for processes to come back and for leases to run out: as long as that many of the quick ones.</summary>
    private const int Share = 50;

    private readonly ModelCluster _cluster = cluster;

    [Fact]
    public Task Nothing_a_client_is_told_contradicts_what_another_was_told_whichever_replica_is_killed() => RunAsync(() =>
    {
        Report($"MKA1_MODEL_SEED={ModelSettings.Seed}");
        var steps = 0;
        Check.One(
            ModelSettings.Config(Runs, Share, atOnce: 1),
            Prop.ForAll(Steps.Of(Longest, kills: true), list =>
            {
                steps += list.Length;
                Interleaving.PlayAsync(_cluster, list).GetAwaiter().GetResult();
            }));
        Report($"{steps} steps");
        return Task.CompletedTask;
    });
}
