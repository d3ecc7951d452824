using Mka1.Edge.Resilience.Tests.Support;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>A test that does something to wires: begins with whole ones, and leaves them so.</summary>
public abstract class WireTest(WiredCluster cluster, ITestOutputHelper output) : ClusterTest(cluster, output)
{
    protected WiredCluster Wired => cluster;

    private protected ReplicaWires A => cluster["a"];

    private protected ReplicaWires B => cluster["b"];

    protected Task OnWiresAsync(Func<Task> test) => RunAsync(async () =>
    {
        try
        {
            await test();
        }
        finally
        {
            cluster.HealWires();
        }
    });

    /// <summary>Reads a stream to whatever end it has.</summary>
    private protected static async Task<StreamEnd> FollowAsync(GatewayProcess replica, string body)
    {
        var events = new List<ReceivedEvent>();
        try
        {
            using var stream = await replica.StreamAsync(body);
            while (await stream.ReadAsync(Patience.Within(Patience.Long)) is { } next) events.Add(next);
            return new StreamEnd(events, stream.Done, null);
        }
        catch (RefusedException e)
        {
            return new StreamEnd(events, false, e.Answer);
        }
    }

    /// <summary>The same request for another model.</summary>
    protected static string For(string model, string body) => body.Replace("\"mka1-mini\"", $"\"{model}\"", StringComparison.Ordinal);
}
