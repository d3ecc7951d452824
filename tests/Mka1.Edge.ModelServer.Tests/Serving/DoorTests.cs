using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>The key, the request id, health and the list of models.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef";
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(EndlessModel.Path, options => options.ApiKey = Key);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0123456789abcde")]
    [InlineData("Bearer 0123456789abcdeF")]
    [InlineData("Basic 0123456789abcdef")]
    public async Task Without_the_key_nothing_but_health_is_answered(string? authorization)
    {
        foreach (var path in new[] { "/v1/models", "/v1/nothing" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);

            using var response = await _server.Client.SendAsync(request);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            Assert.Equal("invalid_api_key", JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString());
        }

        Assert.Equal("ok", (await _server.HealthAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task With_the_key_models_are_listed_and_found()
    {
        var list = await GetAsync("/v1/models");
        var card = await GetAsync("/v1/models/served");

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(card.ToString(), Assert.Single(list.GetProperty("data").EnumerateArray()).ToString());
        Assert.Equal("served", card.GetProperty("id").GetString());
        Assert.Equal("model", card.GetProperty("object").GetString());
        Assert.Equal(EndlessModel.ContextWindow, card.GetProperty("context_window").GetInt32());
        Assert.True(card.GetProperty("created").GetInt64() > 0);
    }

    [Theory]
    [InlineData("abc.DEF_123-x", true)]
    [InlineData("a b", false)]
    [InlineData("a\"b", false)]
    [InlineData("a;b", false)]
    public async Task A_well_formed_request_id_comes_back_and_another_is_replaced(string id, bool wellFormed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.TryAddWithoutValidation("x-request-id", id);

        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(wellFormed, Assert.Single(response.Headers.GetValues("x-request-id")) == id);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task A_request_id_has_128_characters_at_most(int length, bool accepted)
    {
        var id = new string('a', length);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("x-request-id", id);

        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(accepted, Assert.Single(response.Headers.GetValues("x-request-id")) == id);
    }

    [Fact]
    public async Task Answers_do_not_say_what_serves_them()
    {
        using var response = await _server.Client.GetAsync("/health");

        Assert.False(response.Headers.Contains("Server"));
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var response = await _server.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }
}
