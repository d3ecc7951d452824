using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>Promise: whatever body comes to whatever route, the answer is in order, no status is 5xx, and nothing is logged as a fault.</summary>
public sealed class GatewayTakesAnythingTests(ITestOutputHelper output)
{
    private const long InCI = 4_000;
    private const int AtATime = 8;

    [Fact]
    public async Task Every_file_of_the_corpus_is_answered_by_every_route_that_reads_its_like()
    {
        await using var gateway = await FuzzedGateway.StartAsync();
        foreach (var sample in Sample.All)
        {
            foreach (var route in PostRoutes.Of(sample.Surface)) Assert.Null(await JudgeAsync(gateway, route, sample.Bytes));
        }

        gateway.AssertQuiet();
    }

    [Fact]
    public async Task Every_mutation_is_answered_in_order()
    {
        await using var gateway = await FuzzedGateway.StartAsync();
        var run = new FuzzRun("requests", FuzzRun.Wanted("MKA1_FUZZ_REQUESTS", InCI));
        var statuses = new ConcurrentDictionary<int, long>();
        await Task.Run(() => run.Over(Bodies(), mutation => Judge(gateway, mutation, statuses), AtATime));
        gateway.AssertQuiet();
        var summary = $"requests: {run.Done:N0} done, 0 x 5xx, 0 faults; statuses {string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value:N0}"))}";
        output.WriteLine(summary);
        FuzzRun.Tell(summary);
        Assert.All(statuses.Keys, status => Assert.InRange(status, 200, 499));

        // Both outcomes are met, or one of them is not tested.
        Assert.True(statuses.GetValueOrDefault(200) > run.Done / 100 && statuses.GetValueOrDefault(400) > run.Done / 100, summary);
    }

    [Fact]
    public async Task A_handler_that_throws_at_a_rare_body_is_found_out()
    {
        await using var gateway = await FuzzedGateway.StartAsync(services => services.AddSingleton<IStartupFilter>(new RareFault()));
        var run = new FuzzRun("control", InCI * 5);
        var fault = await Assert.ThrowsAsync<FuzzFaultException>(() => Task.Run(() => run.Over(Bodies(), mutation => Judge(gateway, mutation, new()), AtATime)));
        output.WriteLine(fault.Message[..Math.Min(500, fault.Message.Length)]);
    }

    /// <summary>No body with an address in it: what is sent there would leave this machine.</summary>
    private static Sample[] Bodies() => Sample.Of(PostRoutes.All.Select(route => route.Surface).Distinct());

    private static string? Judge(FuzzedGateway gateway, Mutation mutation, ConcurrentDictionary<int, long> statuses)
    {
        var routes = PostRoutes.Of(mutation.Sample.Surface);
        return JudgeAsync(gateway, routes[mutation.Bytes.Length % routes.Length], mutation.Bytes, statuses).GetAwaiter().GetResult();
    }

    private static async Task<string?> JudgeAsync(
        FuzzedGateway fuzzed, (string Route, string Surface, bool Admin) route, byte[] body, ConcurrentDictionary<int, long>? statuses = null)
    {
        var (gateway, routes) = await fuzzed.TakeAsync();
        using var request = routes.Request(route, body);
        using var answer = await gateway.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        statuses?.AddOrUpdate((int)answer.StatusCode, 1, static (_, count) => count + 1);
        return AnswerJudge.OfClient((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text) is { } fault ? $"{route.Route}: {fault}" : null;
    }

    /// <summary>Fails inside at a length that few bodies have.</summary>
    private sealed class RareFault : IStartupFilter
    {
        private const int Rare = 311;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, then) => http.Request.ContentLength % Rare == Rare - 1 ? throw new InvalidOperationException("Rare.") : then(http));
            next(app);
        };
    }
}
