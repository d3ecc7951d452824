using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    /// <summary>Made without the gateway; tests/clients/webhooks.test.mjs verifies the same ones with the openai package.</summary>
    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "webhook-signatures.json"))).RootElement.EnumerateArray()];

    [Fact]
    public void The_headers_are_those_that_the_openai_package_verifies()
    {
        Assert.Equal(4, Cases.Length);
        foreach (var known in Cases)
        {
            var headers = WebhookSignature.Headers(
                known.GetProperty("secret").GetString(),
                known.GetProperty("id").GetString()!,
                DateTimeOffset.FromUnixTimeSeconds(known.GetProperty("timestamp").GetInt64()),
                Encoding.UTF8.GetBytes(known.GetProperty("body").GetString()!)).ToDictionary();
            Assert.Equal(
                known.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!), headers);
        }
    }

    [Fact]
    public void Without_a_secret_there_is_an_id_and_a_time_and_no_signature() => Assert.Equal(
        [new("webhook-id", "evt_1"), new("webhook-timestamp", "1767225600")],
        WebhookSignature.Headers(null, "evt_1", DateTimeOffset.FromUnixTimeSeconds(1767225600), "{}"u8.ToArray()));

    [Theory]
    [InlineData("any text at all", true)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("whsec_not base64!", false)]
    [InlineData("whsec_", false)]
    [InlineData("whsec_abc", false)]
    public void A_secret_behind_whsec_must_be_base64(string secret, bool usable) => Assert.Equal(usable, WebhookSignature.IsUsable(secret));
}
