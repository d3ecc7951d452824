using System.Net.Http.Json;
using System.Text.Json;

namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>Watches a model server through its <c>GET /health</c>.</summary>
public sealed class ModelServerProbe(string address)
{
    private static readonly HttpClient Http = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What the server says of itself now.</summary>
    public async Task<Health> LookAsync() => (await Http.GetFromJsonAsync<Health>(new Uri($"{address}/health"), Json))!;

    /// <summary>Looks until <paramref name="seen"/> holds; fails the test when it never does.</summary>
    public async Task<Health> UntilAsync(Func<Health, bool> seen, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var health = await LookAsync();
            if (seen(health)) return health;
            if (patience.IsCancellationRequested) Assert.Fail($"Never saw: {what}. Last seen: {health}.");
            await Task.Delay(BetweenLooks);
        }
    }

    /// <param name="Active">Answers being decoded.</param>
    /// <param name="TokensDecoded">Output tokens since the start.</param>
    public sealed record Health(int Active, long TokensDecoded);
}
