using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Rows;

/// <summary>Promise: what the gateway writes down for its operators is not worth a request (reliability.md 4, F20).</summary>
public sealed class FullLogTests : IDisposable
{
    private readonly string _config = Path.GetTempFileName();

    public void Dispose() => File.Delete(_config);

    /// <summary>The kernel's own full disk: every write to it says that there is no space left.</summary>
    [Fact]
    public async Task A_gateway_whose_log_goes_to_a_full_disk_serves_on()
    {
        var key = ApiKeyFormat.Create();
        await using var model = await PacedModelServer.StartAsync();
        await File.WriteAllTextAsync(_config, JsonSerializer.Serialize(new
        {
            pools = new { dense = new { path = "/a/v1/responses", destinations = new { one = new { address = model.Address } } } },
            families = new Dictionary<string, object>
            {
                ["mka1-mini"] = new { @default = "dense", variants = new { dense = new { model = "mka1-mini-dense", pool = "dense" } } },
            },
            tenants = new { acme = new { keys = new { main = new { hash = ApiKeyFormat.HashText(key) } } } },
        }));
        var address = $"http://127.0.0.1:{LowPort.Find()}";
        using var gateway = Process.Start(new ProcessStartInfo("sh", ["-c", "exec dotnet \"$0\" \"$@\" >/dev/full 2>/dev/full", GatewayProcess.Program(), "--config", _config, "--urls", address])
        {
            Environment = { ["Logging__LogLevel__Default"] = "Debug", ["Logging__LogLevel__Mka1.Edge"] = "Debug" },
        })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience.Long };
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            await Patience.UntilAsync(() => ServesAsync(client), "the gateway serves");
            for (var i = 0; i < 50; i++) Assert.True(await ServesAsync(client), $"Request {i} was not served.");
            Assert.False(gateway.HasExited);
            await Signals.TerminateAsync(gateway.Id);
            await gateway.WaitForExitAsync(Patience.Within(Patience.Long));
            Assert.Equal(0, gateway.ExitCode);
        }
        finally
        {
            if (!gateway.HasExited) gateway.Kill();
        }
    }

    private static async Task<bool> ServesAsync(HttpClient client)
    {
        var request = PacedRequest.New(2, 0);
        using var content = new StringContent(request.Body(), Encoding.UTF8, "application/json");
        try
        {
            using var answer = await client.PostAsync("/api/v1/llm/responses", content);
            return answer.StatusCode == HttpStatusCode.OK && new Answer(answer.StatusCode, null, await answer.Content.ReadAsStringAsync()).Text == request.Text;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
