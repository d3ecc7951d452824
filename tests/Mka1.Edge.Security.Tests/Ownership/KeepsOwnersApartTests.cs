using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Prompts;
using Mka1.Edge.Stores.Responses;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>
/// Promise: what belongs to one tenant and end user does not exist for anybody else, on whatever way they come. Who is not the
/// owner gets byte for byte what an id gives that nobody has ever heard of.
/// </summary>
public sealed class KeepsOwnersApartTests(OwnershipRun run, ITestOutputHelper output) : IClassFixture<OwnershipRun>
{
    private const int LeastCases = 2_000;

    /// <summary>Where a second check stands behind the first, such as the outbox's own, it stays shut even when the first one is gone.</summary>
    private const double LeastFound = 0.9;

    [Fact]
    public void Every_route_has_its_cases_or_is_known_to_name_nothing_of_anybodys()
    {
        Assert.Empty(run.RoutesWithoutCase);
        Assert.Empty(run.CasesWithoutRoute);
    }

    [Fact]
    public void Whoever_is_not_the_owner_gets_what_an_unknown_id_gives()
    {
        output.WriteLine($"{run.Cases} cases, {run.Leaks.Count} leaks.");
        Assert.True(run.Leaks.Count == 0, Report(run.Leaks));
        Assert.InRange(run.Cases, LeastCases, int.MaxValue);
    }

    [Fact]
    public void Nothing_of_the_owners_changes() => Assert.True(run.Changes.Count == 0, Report(run.Changes));

    [Fact]
    public void No_model_server_and_no_receiver_of_webhooks_hears_of_it() => Assert.Equal(0, run.CallsOut);

    [Fact]
    public void Lists_hold_ones_own_only() => Assert.True(run.Strays.Count == 0, Report(run.Strays));

    [Fact]
    public void The_owner_gets_in_on_every_way()
    {
        output.WriteLine($"{run.Controls} ways, {run.Shut.Count} shut.");
        Assert.True(run.Shut.Count == 0, Report(run.Shut));
    }

    [Fact]
    public async Task Stores_that_do_not_look_at_owners_are_found_out()
    {
        OwnerBlindResponses? responses = null;
        await using var matrix = await OwnershipMatrix.StartAsync(services =>
        {
            services.AddSingleton<IResponseStore>(provider => responses = new OwnerBlindResponses(provider.GetRequiredService<MemoryStoreSet>().Responses));
            services.AddSingleton<IConversationStore>(provider => new OwnerBlindConversations(provider.GetRequiredService<MemoryStoreSet>().Conversations));
            services.AddSingleton<IPromptStore>(new OwnerBlindPrompts(new MemoryPromptStore()));
        });
        responses!.KeepsAll = true;
        var cases = matrix.Cases
            .Where(tried => tried.RestsOnOwnership && !BesideTheStores(tried.Path))
            .OrderBy(tried => tried.Path.Effect).ToList();
        var found = await matrix.LeaksAsync(cases);
        output.WriteLine($"{found.Count} of {cases.Count} cases found out. Missed:");
        foreach (var missed in cases.Except(found.Select(leak => leak.Case)).CountBy(tried => (tried.Path, tried.Target.Name))) output.WriteLine($"{missed.Value} of {missed.Key.Path} with {missed.Key.Name}");
        Assert.InRange(found.Count, LeastFound * cases.Count, cases.Count);
    }

    /// <summary>What other stores keep apart, cursors into a list that is in one response, and methods that no route has.</summary>
    private static bool BesideTheStores(AccessPath path) =>
        path.IsKey || path.Method is "HEAD" or "PUT" || path.Kind is ObjectKind.WebhookEvent or ObjectKind.Key or ObjectKind.SafetySubject || path is { Kind: ObjectKind.InputItem, IsReference: false };

    private static string Report<T>(IReadOnlyList<T> findings) =>
        $"{findings.Count} findings, the first of them:{Environment.NewLine}{string.Join(Environment.NewLine, findings.Take(12))}";
}
