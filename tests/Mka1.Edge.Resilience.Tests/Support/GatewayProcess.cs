using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A gateway as a process of its own, and its HTTP client.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const int KeptLines = 400;

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _lines = new();

    private GatewayProcess(Process process, string address, string key)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri(address), Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Sends what has a form of its own.</summary>
    public HttpClient Client => _client;

    /// <summary>The last it logged.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Starts one; does not wait until it serves.</summary>
    public static GatewayProcess Start(string config, int port, string key, IReadOnlyDictionary<string, string>? environment = null)
    {
        var address = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo("dotnet", [Program(), "--config", config, "--urls", address])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Logging__LogLevel__Microsoft"] = "Warning", ["Logging__LogLevel__Mka1.Edge.Gateway.Settlement"] = "Warning", ["DOTNET_gcServer"] = "0" },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new GatewayProcess(Process.Start(start)!, address, key);
    }

    /// <summary>Ends it without leaving it a moment.</summary>
    public async Task KillAsync()
    {
        await Signals.KillAsync(Id);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        await Signals.TerminateAsync(Id);
        await _process.WaitForExitAsync(Patience.Within(Patience.Long));
        return _process.ExitCode;
    }

    /// <summary>What the readiness page says; empty while it does not answer.</summary>
    public async Task<string> ReadinessAsync()
    {
        try
        {
            return await _client.GetStringAsync("/readyz", Patience.Within(TimeSpan.FromSeconds(2)));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }

    /// <summary>Sends a create request and reads the whole answer.</summary>
    /// <exception cref="HttpRequestException">The gateway is gone.</exception>
    public Task<Answer> CreateAsync(string body) => ReadAsync(_client.PostAsync("/api/v1/llm/responses", Json(body), Patience.Within(Patience.Long)));

    /// <summary>Sends any request, with a key of its own if it bears one.</summary>
    /// <exception cref="HttpRequestException">The gateway is gone.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation) =>
        _client.SendAsync(request, completion, cancellation);

    public Task<Answer> GetAsync(string id) => ReadAsync(_client.GetAsync($"/api/v1/llm/responses/{id}", Patience.Within(Patience.Long)));

    /// <summary>Sends a request with a key of its own.</summary>
    public async Task<Answer> SendAsync(string method, string path, string key, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/llm" + path) { Content = body is null ? null : Json(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await ReadAsync(_client.SendAsync(request, Patience.Within(Patience.Long)));
    }

    /// <summary>Begins a stream.</summary>
    public Task<EventStream> StreamAsync(string body) =>
        OpenAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/llm/responses") { Content = Json(body) });

    /// <summary>Takes a stream up behind the event with number <paramref name="after"/>.</summary>
    public Task<EventStream> ResumeAsync(string id, long after) =>
        OpenAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/v1/llm/responses/{id}?stream=true&starting_after={after}"));

    /// <summary>Reads a stream from its first event to its end.</summary>
    public async Task<List<ReceivedEvent>> ReplayAsync(string id)
    {
        using var stream = await ResumeAsync(id, -1);
        var events = new List<ReceivedEvent>();
        await stream.ReadToEndAsync(events, Patience.Within(Patience.Long));
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _client.Dispose();
        _process.Dispose();
    }

    public override string ToString() => $"process {Id} at {_client.BaseAddress}";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<Answer> ReadAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        return new Answer(response.StatusCode, response.Headers.RetryAfter?.ToString(), await response.Content.ReadAsStringAsync(Patience.Within(Patience.Long)));
    }

    private async Task<EventStream> OpenAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Within(Patience.Long));
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            {
                using (response) throw new RefusedException(await ReadAsync(Task.FromResult(response)));
            }

            return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }
    }

    /// <summary>The program beside these tests: the same configuration (Debug or Release) of the same checkout.</summary>
    internal static string Program()
    {
        var mine = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var root = mine;
        while (!File.Exists(Path.Combine(root, "Mka1.Edge.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("Mka1.Edge.sln lies in no folder above these tests.");
        var output = Path.GetRelativePath(Path.Combine(root, "tests", "Mka1.Edge.Resilience.Tests"), mine);
        return Path.Combine(root, "gateway", "Mka1.Edge.Gateway", output, "Mka1.Edge.Gateway.dll");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        if (_lines.Count > KeptLines) _lines.TryDequeue(out _);
    }
}
