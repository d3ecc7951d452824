using System.Net.Http.Headers;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: the owner of a response sees what became of its webhooks and can have one sent again; nobody else sees anything.</summary>
public sealed class ShowsWebhookDeliveriesTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Secret = "a secret of the receiver";

    private readonly ScriptedUpstream _receiver = new() { Script = Scripts.Json("thanks", 404, "text/plain") };
    private readonly Owner _owner = new("acme", "user-1");
    private readonly string _responseId = "resp_" + Guid.NewGuid().ToString("N");
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync(config => config with { Webhooks = config.Webhooks with { AllowPrivateTargets = true } });
        await AddResponseAsync(_responseId);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task A_response_without_webhooks_has_an_empty_list()
    {
        using var answer = await SendAsync(HttpMethod.Get, _responseId);
        Assert.Equal("""{"object":"list","data":[]}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task The_log_tells_every_attempt_and_neither_url_nor_secret()
    {
        var first = Enqueue("queued");
        await AttemptedAsync(first, 1);
        var second = Enqueue("completed");
        await AttemptedAsync(second, 1);

        using var answer = await SendAsync(HttpMethod.Get, _responseId);
        var text = await answer.Content.ReadAsStringAsync();
        var data = JsonDocument.Parse(text).RootElement.GetProperty("data");
        Assert.Equal([first.Id, second.Id], data.EnumerateArray().Select(d => d.GetProperty("id").GetString()));
        var delivery = data[0];
        Assert.Equal(
            ["id", "object", "type", "created_at", "state", "next_attempt_at", "attempts"], delivery.EnumerateObject().Select(p => p.Name));
        Assert.Equal("webhook_delivery", delivery.GetProperty("object").GetString());
        Assert.Equal("response.queued", delivery.GetProperty("type").GetString());
        Assert.Equal("pending", delivery.GetProperty("state").GetString());
        Assert.InRange(delivery.GetProperty("next_attempt_at").GetInt64() - delivery.GetProperty("created_at").GetInt64(), 3, 30);
        var attempt = Assert.Single(delivery.GetProperty("attempts").EnumerateArray());
        Assert.Equal(["at", "status", "error"], attempt.EnumerateObject().Select(p => p.Name));
        Assert.Equal(404, attempt.GetProperty("status").GetInt32());
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("error").ValueKind);
        Assert.True(attempt.GetProperty("at").GetInt64() > 1_700_000_000);
        foreach (var tell in (string[])["127.0.0.1", "hook-with-a-token", Secret, "thanks", "tenant"])
            Assert.DoesNotContain(tell, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redelivery_is_answered_with_the_delivery_and_goes_out()
    {
        var e = Enqueue("completed");
        await AttemptedAsync(e, 1);
        _receiver.Play(Scripts.Json("thanks"));
        using var answer = await SendAsync(HttpMethod.Post, _responseId, e.Id);
        Assert.Equal(200, (int)answer.StatusCode);
        var delivery = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(e.Id, delivery.GetProperty("id").GetString());
        Assert.Equal("webhook_delivery", delivery.GetProperty("object").GetString());
        Assert.Equal(e.Id, Assert.Single((await _receiver.NextCallAsync()).Headers["webhook-id"]));
        await AttemptedAsync(e, 2);

        using var list = await SendAsync(HttpMethod.Get, _responseId);
        var delivered = Assert.Single(JsonDocument.Parse(await list.Content.ReadAsStringAsync()).RootElement.GetProperty("data").EnumerateArray());
        Assert.Equal("delivered", delivered.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, delivered.GetProperty("next_attempt_at").ValueKind);
    }

    [Fact]
    public async Task Whoever_is_not_the_owner_gets_what_an_unknown_response_gives()
    {
        var e = Enqueue("completed");
        await AttemptedAsync(e, 1);
        using var unknown = await SendAsync(HttpMethod.Get, "resp_" + new string('0', 32));
        var expected = (await unknown.AssertRefusedAsync(404, "not_found")).GetRawText();
        var calls = _receiver.Calls.Count;
        foreach (var eventId in (string?[])[null, e.Id])
        {
            var method = eventId is null ? HttpMethod.Get : HttpMethod.Post;
            foreach (var (key, user) in new (string, string?)[] { (TestKeys.Globex, "user-1"), (TestKeys.Acme, "user-2"), (TestKeys.Acme, null) })
            {
                using var answer = await SendAsync(method, _responseId, eventId, key, user);
                Assert.Equal(expected, (await answer.AssertRefusedAsync(404)).GetRawText());
            }
        }

        Assert.Equal(calls, _receiver.Calls.Count);
    }

    [Fact]
    public async Task An_event_of_another_response_or_of_none_is_not_there()
    {
        var e = Enqueue("completed");
        await AttemptedAsync(e, 1);
        var other = "resp_" + Guid.NewGuid().ToString("N");
        await AddResponseAsync(other);
        foreach (var (responseId, eventId) in new[] { (other, e.Id), (_responseId, "evt_" + new string('0', 32)), (_responseId, "x") })
        {
            using var answer = await SendAsync(HttpMethod.Post, responseId, eventId);
            await answer.AssertRefusedAsync(404, "not_found");
        }
    }

    [Fact]
    public async Task An_id_that_is_none_is_refused()
    {
        using var answer = await SendAsync(HttpMethod.Get, "conv_1");
        await answer.AssertRefusedAsync(400, "invalid_value", "response_id");
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string responseId, string? eventId = null, string? key = null, string? user = "user-1")
    {
        var path = $"/api/v1/llm/responses/{responseId}/webhook_deliveries" + (eventId is null ? "" : $"/{eventId}/redeliver");
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? TestKeys.Acme);
        if (user is not null) request.Headers.Add("X-On-Behalf-Of", user);
        return _gateway.Client.SendAsync(request);
    }

    private async Task AddResponseAsync(string id) => await _gateway.App.Services.GetRequiredService<IResponseStore>().AddAsync(
        new ResponseAddition(
            new StoredResponse
            {
                Id = id,
                Owner = _owner,
                Status = StoredStatus.Completed,
                Background = true,
                CreatedAt = 1_767_225_600,
                Input = "[]"u8.ToArray(),
                Body = "{}"u8.ToArray(),
            },
            []));

    private WebhookEvent Enqueue(string status)
    {
        var services = _gateway.App.Services;
        var target = services.GetRequiredService<WebhookTargets>().Create(_responseId, _receiver.Address + "hook-with-a-token", Secret);
        var e = WebhookEvents.For(_owner, _responseId, target, status, TimeProvider.System.GetUtcNow());
        ((MemoryWebhookOutbox)services.GetRequiredService<IWebhookOutbox>()).Enqueue(e);
        services.GetRequiredService<WebhookSender>().Wake();
        return e;
    }

    private async Task AttemptedAsync(WebhookEvent e, int attempts)
    {
        var outbox = _gateway.App.Services.GetRequiredService<IWebhookOutbox>();
        using var limit = new CancellationTokenSource(Patience.Long);
        while ((await outbox.ListAsync(_owner, _responseId)).Single(d => d.Event.Id == e.Id).Attempts.Count < attempts) await Task.Delay(10, limit.Token);
    }
}
