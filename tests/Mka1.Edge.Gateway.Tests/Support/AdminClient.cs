using System.Net;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>What an operator asks of a gateway's configuration.</summary>
internal sealed class AdminClient(GatewayFixture gateway) : IDisposable
{
    private readonly HttpClient _client = Operator.Client(gateway);

    public async Task<Status> StatusAsync() => Status.Of(JsonDocument.Parse(await _client.GetStringAsync("/admin/v1/config/status")).RootElement);

    /// <summary>Waits until the configuration stands as wanted.</summary>
    public async Task<Status> UntilAsync(Func<Status, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var status = await StatusAsync();
            if (wanted(status)) return status;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Asks for a change: <c>reload</c> or <c>rollback</c>.</summary>
    public async Task<(HttpStatusCode Code, string Outcome, JsonElement Answer)> AskAsync(string what, string? body = null)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync($"/admin/v1/config/{what}", content);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, json.GetProperty("outcome").GetString()!, json);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>How the configuration stands.</summary>
    internal sealed record Status(
        string Version, DateTimeOffset Since, string Source, string? File, int Applied, int Refused, IReadOnlyList<string>? Fault, int Faults,
        IReadOnlyList<string> NeedsRestart, IReadOnlyList<string> Versions)
    {
        public static Status Of(JsonElement json) => new(
            json.GetProperty("version").GetString()!,
            json.GetProperty("since").GetDateTimeOffset(),
            json.GetProperty("source").GetString()!,
            json.TryGetProperty("file", out var file) ? file.GetString() : null,
            json.GetProperty("applied").GetInt32(),
            json.GetProperty("refused").GetInt32(),
            json.TryGetProperty("fault", out var fault) ? Texts(fault.GetProperty("faults")) : null,
            json.GetProperty("faults").GetArrayLength(),
            Texts(json.GetProperty("needs_restart")),
            [.. json.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("version").GetString()!)]);

        private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
    }
}
