using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>What clients do with stored responses.</summary>
public static class StoredResponses
{
    /// <summary>A request about a stored response: <paramref name="rest"/> is its id and what comes after.</summary>
    public static HttpRequestMessage About(string rest, HttpMethod? method = null, string? key = null, string? endUser = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/api/v1/llm/responses/" + rest);
        request.Headers.Authorization = new("Bearer", key ?? TestKeys.Acme);
        if (endUser is not null) request.Headers.Add("X-On-Behalf-Of", endUser);
        return request;
    }

    /// <summary>Sends a request about a stored response.</summary>
    public static async Task<HttpResponseMessage> AskAsync(this GatewayFixture gateway, string rest, HttpMethod? method = null, string? key = null, string? endUser = null)
    {
        using var request = About(rest, method, key, endUser);
        return await gateway.Client.SendAsync(request);
    }

    /// <summary>Asks for something that is there.</summary>
    public static async Task<string> ReadAsync(this GatewayFixture gateway, string rest, HttpMethod? method = null)
    {
        using var answer = await gateway.AskAsync(rest, method);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    /// <summary>Opens a stored stream to read it bit by bit.</summary>
    public static Task<StreamClient> FollowAsync(this GatewayFixture gateway, string id, string query = "") =>
        StreamClient.OpenAsync(gateway, About($"{id}?stream=true{query}"));

    /// <summary>Creates a stream to read it bit by bit.</summary>
    public static Task<StreamClient> BeginAsync(this GatewayFixture gateway, string extra = "", string? key = null) =>
        StreamClient.OpenAsync(gateway, GatewayFixture.Create(GatewayFixture.Hello(stream: true, extra: extra), key));

    /// <summary>Creates a response and gives its body.</summary>
    public static async Task<string> CreateAsync(this GatewayFixture gateway, string extra = "", string? key = null)
    {
        using var answer = await gateway.PostAsync(GatewayFixture.Hello(extra: extra), key);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    /// <summary>Asks for a response until it has the status wanted; fails when it ends with another.</summary>
    public static async Task<JsonElement> UntilAsync(this GatewayFixture gateway, string id, string status)
    {
        for (var began = DateTime.UtcNow; DateTime.UtcNow - began < Patience.Long; await Task.Delay(10))
        {
            var response = JsonDocument.Parse(await gateway.ReadAsync(id)).RootElement;
            var now = response.GetProperty("status").GetString();
            if (now == status) return response;
            Assert.True(now is "queued" or "in_progress", $"{status} expected: {response.GetRawText()}");
        }

        throw new TimeoutException($"{id} is not {status} yet.");
    }

    public static string IdOf(string body) => JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;

    public static string StatusOf(string body) => JsonDocument.Parse(body).RootElement.GetProperty("status").GetString()!;

    /// <summary>The response in a stream's terminal event, byte for byte.</summary>
    public static string ResponseOf(SseEvent terminal)
    {
        const string Member = "\"response\":";
        return terminal.Data[(terminal.Data.IndexOf(Member, StringComparison.Ordinal) + Member.Length)..^1];
    }
}
