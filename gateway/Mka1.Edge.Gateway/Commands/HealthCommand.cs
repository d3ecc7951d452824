using System.CommandLine;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>health</c>: asks a gateway whether it is ready, for images that hold no other program to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Argument<string>("url") { Description = "What to ask.", DefaultValueFactory = _ => "http://127.0.0.1:8080/readyz" };
        var health = new Command("health", "Asks a gateway whether it is ready; the exit status is 0 if it is.") { url };
        health.SetAction((parsed, cancellation) => AskAsync(parsed.GetValue(url)!, parsed.InvocationConfiguration.Output, cancellation));
        return health;
    }

    private static async Task<int> AskAsync(string url, TextWriter output, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(url, cancellation);
            await output.WriteLineAsync($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException or UriFormatException)
        {
            await output.WriteLineAsync($"{url}: {e.Message}");
            return 1;
        }
    }
}
