using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>Plain HTTP to the API, byte for byte as a test wrote it.</summary>
public sealed class EdgeClient(string address, string? key) : IDisposable
{
    // A stream left early is cut at once: by default the client would first read on for up to two seconds.
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = new Uri($"{address}/api/v1/llm/"), Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Sends <paramref name="body"/> to <c>/responses</c> and returns once the answer's headers are here.</summary>
    public Task<HttpResponseMessage> SendAsync(string body, string? onBehalfOf = null) => SendAsync("responses", body, onBehalfOf);

    public async Task<HttpResponseMessage> SendAsync(string path, string body, string? onBehalfOf)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (onBehalfOf is not null) request.Headers.Add("X-On-Behalf-Of", onBehalfOf);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The JSON answer to <paramref name="body"/>, which must be 200.</summary>
    public async Task<JsonElement> CreateAsync(string body, string? onBehalfOf = null)
    {
        using var response = await SendAsync(body, onBehalfOf);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The stream that answers <paramref name="body"/>, which must be 200. Its reader checks every rule of the contract.</summary>
    public async Task<EventStream> StreamAsync(string body, string? onBehalfOf = null)
    {
        var response = await SendAsync(body, onBehalfOf);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(response, await response.Content.ReadAsStreamAsync());
    }

    public void Dispose() => _http.Dispose();
}
