using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>One caller of the API below <c>/api/v1/llm</c>: a key, and the end user it acts for.</summary>
public sealed class ApiClient(GatewayFixture gateway, string key, string? endUser = null)
{
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/llm" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (endUser is not null) request.Headers.Add("X-On-Behalf-Of", endUser);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await gateway.Client.SendAsync(request);
    }

    /// <summary>Sends a request that succeeds and gives its answer.</summary>
    public async Task<JsonElement> CallAsync(string method, string path, string? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Sends a request that is refused and gives the answer's bytes as text.</summary>
    public async Task<string> RefusedAsync(string method, string path, int status, string? body = null, string? code = null, string? param = null)
    {
        using var answer = await SendAsync(method, path, body);
        await answer.AssertRefusedAsync(status, code, param);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>All ids of a list, page by page.</summary>
    public async Task<List<string>> WalkAsync(string path, int limit)
    {
        var ids = new List<string>();
        while (true)
        {
            var join = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await CallAsync("GET", $"{path}{join}limit={limit}" + (ids.Count > 0 ? $"&after={ids[^1]}" : ""));
            Assert.Equal(["object", "data", "first_id", "last_id", "has_more"], page.EnumerateObject().Select(member => member.Name));
            Assert.Equal("list", page.GetProperty("object").GetString());
            var entries = Ids(page);
            Assert.InRange(entries.Count, 0, limit);
            Assert.Equal(entries.FirstOrDefault(), page.GetProperty("first_id").GetString());
            Assert.Equal(entries.LastOrDefault(), page.GetProperty("last_id").GetString());
            ids.AddRange(entries);
            if (!page.GetProperty("has_more").GetBoolean()) return ids;
        }
    }

    public static List<string> Ids(JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(Id)];

    public static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;
}
