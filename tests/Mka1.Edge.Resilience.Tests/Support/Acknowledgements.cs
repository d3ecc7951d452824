using System.Collections.Concurrent;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>What clients were told is stored, byte for byte, to be looked up afterwards; and everything else they were told.</summary>
internal sealed class Acknowledgements
{
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private readonly ConcurrentDictionary<string, int> _refusals = new();

    public int Count => _acknowledged.Count;

    /// <summary>Everything that was not an acknowledgement, with how often it was said.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    public void Acknowledge(string id, string body) => _acknowledged[id] = body;

    public void Refuse(string how) => _refusals.AddOrUpdate(how, 1, (_, count) => count + 1);

    /// <summary>Looks everything up at a replica.</summary>
    /// <returns>What is lost or is not what was acknowledged.</returns>
    public async Task<IReadOnlyCollection<string>> AuditAsync(GatewayProcess replica)
    {
        var faults = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(_acknowledged, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (entry, _) =>
        {
            var found = await replica.GetAsync(entry.Key);
            if (found.Status != System.Net.HttpStatusCode.OK || found.Body != entry.Value) faults.Add($"{found.Status} {found.Body} in place of {entry.Value}");
        });
        return faults;
    }
}
