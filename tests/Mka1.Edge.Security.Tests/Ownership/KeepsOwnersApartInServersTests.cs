using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Promise: owners are kept apart by what Postgres and Redis answer, too. Ids as they were returned and those right beside them.</summary>
public sealed class KeepsOwnersApartInServersTests(ITestOutputHelper output)
{
    private const int LeastCases = 2_000;

    /// <summary>Every so many of the cases: the servers are asked for each of them, and for what an unknown id gives.</summary>
    private const int Stride = 3;

    [ServersFact]
    public async Task Whoever_is_not_the_owner_gets_what_an_unknown_id_gives()
    {
        await using var stores = await RealStores.StartAsync();
        await using var matrix = await OwnershipMatrix.StartAsync(RealStores.KeepLedger, stores.Config);
        var cases = matrix.Cases.Where(tried => !tried.Path.IsKey && (tried.RestsOnOwnership || tried.Shape.Name == "neighbour"))
            .Where((_, index) => index % Stride == 0).ToList();
        var before = await matrix.ViewsAsync();
        var leaks = await matrix.LeaksAsync(cases);
        output.WriteLine($"{cases.Count} cases, {leaks.Count} leaks.");
        Assert.True(leaks.Count == 0, string.Join(Environment.NewLine, leaks.Take(12)));
        Assert.InRange(cases.Count, LeastCases, int.MaxValue);
        Assert.Equal(before, await matrix.ViewsAsync());
        Assert.Empty(await matrix.StraysAsync());
    }
}
