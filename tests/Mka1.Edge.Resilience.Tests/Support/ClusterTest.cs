using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A test that does something to the cluster: begins with a whole one, and shows its logs when it fails.</summary>
[Collection(ClusterCollection.Name)]
public abstract class ClusterTest(Cluster cluster, ITestOutputHelper output)
{
    protected Cluster Cluster => cluster;

    /// <summary>A figure for whoever reads the results.</summary>
    protected void Report(string line) => output.WriteLine(line);

    protected async Task RunAsync(Func<Task> test)
    {
        try
        {
            await cluster.HealAsync();
            await test();
        }
        catch
        {
            output.WriteLine(cluster.Log);
            throw;
        }
    }
}
