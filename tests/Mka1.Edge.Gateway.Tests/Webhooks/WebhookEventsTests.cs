using System.Text.Json;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Webhooks;

public sealed class WebhookEventsTests
{
    private static readonly WebhookTarget Target = new("https://hooks.example.com/", null);

    [Theory]
    [InlineData("queued")]
    [InlineData("in_progress")]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("incomplete")]
    [InlineData("cancelled")]
    public void Every_status_has_its_type_and_the_body_says_no_more_than_which_response_and_where_it_stands(string status)
    {
        var e = WebhookEvents.For(new Owner("acme", "user"), "resp_1", Target, status, DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_999));
        Assert.Equal(("response." + status, "resp_1", new Owner("acme", "user"), Target), (e.Type, e.ResponseId, e.Owner, e.Target));
        Assert.Matches("^evt_[0-9a-f]{32}$", e.Id);
        Assert.True(JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(new
            {
                id = e.Id,
                @object = "event",
                created_at = 1_767_225_600,
                type = "response." + status,
                data = new { id = "resp_1", status },
            }),
            JsonDocument.Parse(e.Payload).RootElement));
    }

    [Fact]
    public void Every_event_has_an_id_of_its_own() => Assert.Equal(
        1000,
        Enumerable.Range(0, 1000).Select(_ => WebhookEvents.For(new Owner("acme", null), "resp_1", Target, "completed", default).Id).Distinct().Count());
}
