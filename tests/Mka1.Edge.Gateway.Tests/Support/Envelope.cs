using System.Net;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>The one error envelope, checked whole wherever a refusal is expected.</summary>
public static class Envelope
{
    /// <summary>Asserts that an answer is a refusal in the one envelope and nothing more.</summary>
    /// <returns>The <c>error</c> object.</returns>
    public static async Task<JsonElement> AssertRefusedAsync(this HttpResponseMessage answer, int status, string? code = null, string? param = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{status} expected, {(int)answer.StatusCode} came: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.NotEmpty(Assert.Single(answer.Headers.GetValues("x-request-id")));
        Assert.False(answer.Headers.Contains("Server"));

        var root = JsonDocument.Parse(text).RootElement;
        Assert.Equal(["error"], root.EnumerateObject().Select(p => p.Name));
        var error = root.GetProperty("error");
        string[] members = status == 429 ? ["code", "message", "param", "rate_limit", "type"] : ["code", "message", "param", "type"];
        Assert.Equal(members, error.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        Assert.True(error.GetProperty("param").ValueKind is JsonValueKind.String or JsonValueKind.Null);
        AssertNothingInside(text);

        if (code is not null) Assert.Equal(code, error.GetProperty("code").GetString());
        if (param is not null) Assert.Equal(param, error.GetProperty("param").GetString());
        if (answer.StatusCode == HttpStatusCode.Unauthorized) Assert.NotEmpty(answer.Headers.WwwAuthenticate);
        return error;
    }

    /// <summary>No stack trace, no type of ours, no address of a model server, no key.</summary>
    public static void AssertNothingInside(string text)
    {
        foreach (var tell in (string[])["   at ", "Exception", "Mka1.Edge", "127.0.0.1", "System.", GatewayFixture.UpstreamApiKey])
            Assert.DoesNotContain(tell, text, StringComparison.Ordinal);
    }
}
