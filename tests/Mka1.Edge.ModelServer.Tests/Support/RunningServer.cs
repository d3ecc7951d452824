using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>A model server on a free port of this machine, in this process.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(WebApplication app)
    {
        App = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(string model, Action<ModelServerOptions>? configure = null)
    {
        var app = ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"], options =>
        {
            options.Model = model;
            options.Name = "served";
            configure?.Invoke(options);
        });
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Sends a body to an address.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken cancellationToken = default) =>
        PostAsync(path, JsonSerializer.Serialize(body), cancellationToken);

    /// <inheritdoc cref="PostAsync(string, object, CancellationToken)"/>
    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The JSON answer of <c>POST /v1/responses</c>, which must be 200.</summary>
    public async Task<JsonElement> AnswerAsync(object body)
    {
        using var response = await PostAsync("/v1/responses", body);
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, json.ToString());
        return json;
    }

    /// <summary>The events of <c>POST /v1/responses</c>; the body must ask for a stream.</summary>
    public async Task<EventStream> StreamAsync(object body, CancellationToken cancellationToken = default)
    {
        var response = await PostAsync("/v1/responses", body, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(cancellationToken));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    public Task<JsonElement> HealthAsync() => Client.GetFromJsonAsync<JsonElement>("/health");

    /// <summary>Waits until no answer is being decoded or waits to be.</summary>
    public Task<JsonElement> IdleAsync() => Bound.UntilAsync(
        HealthAsync, health => health.GetProperty("active").GetInt32() == 0 && health.GetProperty("queued").GetInt32() == 0);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
