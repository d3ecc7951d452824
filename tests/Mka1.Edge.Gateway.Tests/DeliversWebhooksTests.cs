using System.Security.Cryptography;
using System.Text;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Telemetry;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: what happens to a response is told to its receiver, signed, until it has been heard, and to nobody else.</summary>
public sealed class DeliversWebhooksTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Secret = "a secret of the receiver";

    private readonly FakeClock _clock = new();
    private readonly ScriptedUpstream _receiver = new();
    private readonly string _responseId = "resp_" + Guid.NewGuid().ToString("N");
    private readonly Owner _owner = new("acme", null);
    private GatewayFixture _gateway = null!;

    private MemoryWebhookOutbox Outbox => OutboxOf(_gateway);

    public async Task InitializeAsync() => _gateway = await StartAsync(_clock);

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task A_delivery_is_one_post_of_the_event_signed_byte_for_byte()
    {
        _receiver.Play(Answer(200));
        var e = Enqueue(_receiver.Address + "hook?a=b", Secret);
        var call = await _receiver.NextCallAsync();

        Assert.StartsWith("POST /hook?a=b HTTP/1.1\r\n", call.Head, StringComparison.Ordinal);
        Assert.Equal("application/json", Assert.Single(call.Headers["Content-Type"]));
        Assert.Equal(e.Payload.ToArray(), call.Body);
        Assert.Equal(
            $$$"""{"id":"{{{e.Id}}}","object":"event","created_at":{{{_clock.GetUtcNow().ToUnixTimeSeconds()}}},"type":"response.completed","data":{"id":"{{{_responseId}}}","status":"completed"}}""",
            call.Text);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(Hmac(call.Body)), Assert.Single(call.Headers["X-Webhook-Signature"]));
        AssertSigned(call, e.Id);
        foreach (var header in (string[])["Authorization", "Cookie", "traceparent", "x-request-id"]) Assert.Empty(call.Headers[header]);

        var delivery = await StandsAtAsync(e, d => d.State == WebhookState.Delivered);
        Assert.Equal(new WebhookAttempt(_clock.GetUtcNow(), 200, null), Assert.Single(delivery.Attempts));
        Assert.Single(_receiver.Calls);
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        _receiver.Play(Answer(204));
        var e = Enqueue(_receiver.Address, secret: null);
        var call = await _receiver.NextCallAsync();
        Assert.Equal(e.Id, Assert.Single(call.Headers["webhook-id"]));
        Assert.Single(call.Headers["webhook-timestamp"]);
        Assert.Empty(call.Headers["webhook-signature"]);
        Assert.Empty(call.Headers["X-Webhook-Signature"]);
    }

    [Fact]
    public async Task Failures_are_retried_on_schedule_under_the_same_id_with_a_fresh_time_until_given_up()
    {
        // A redirect is a failure like the others, and is not followed.
        await using var elsewhere = new ScriptedUpstream();
        int[] statuses = [500, 301, 302, 307, 404, 429, 503, 500];
        var next = 0;
        _receiver.Play(call => Answer(statuses[next++], $"Location: {elsewhere.Address}\r\n")(call));
        var e = Enqueue(_receiver.Address, Secret);

        var timestamps = new List<long>();
        for (var attempt = 1; attempt <= statuses.Length; attempt++)
        {
            var call = await _receiver.NextCallAsync();
            AssertSigned(call, e.Id);
            Assert.Equal(e.Payload.ToArray(), call.Body);
            timestamps.Add(long.Parse(Assert.Single(call.Headers["webhook-timestamp"])));
            var delivery = await StandsAtAsync(e, d => d.Attempts.Count == attempt);
            Assert.Equal(statuses[attempt - 1], delivery.Attempts[^1].Status);
            if (delivery.NextAttemptAt is not { } due) break;

            Assert.Equal(WebhookState.Pending, delivery.State);
            _clock.Advance(due - _clock.GetUtcNow() - TimeSpan.FromSeconds(1));
            Assert.Equal(attempt, _receiver.Calls.Count);
            _clock.Advance(TimeSpan.FromSeconds(2));
            Sender(_gateway).Wake();
        }

        Assert.Equal(WebhookState.Failed, (await StandsAtAsync(e, d => d.NextAttemptAt is null)).State);
        Assert.Equal(statuses.Length, _receiver.Calls.Count);
        Assert.Equal(timestamps.Distinct().Order(), timestamps);
        Assert.InRange(timestamps[^1] - timestamps[0], 0.79 * 23.5 * 3600, 1.21 * 24 * 3600);
        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task A_receiver_that_says_gone_is_not_asked_again()
    {
        _receiver.Play(Answer(410));
        var e = Enqueue(_receiver.Address, Secret);
        Assert.Null((await StandsAtAsync(e, d => d.State == WebhookState.Failed)).NextAttemptAt);
        Assert.Single(_receiver.Calls);
    }

    [Fact]
    public async Task Retry_after_is_heeded()
    {
        _receiver.Play(Answer(503, "Retry-After: 120\r\n"));
        var e = Enqueue(_receiver.Address, Secret);
        var delivery = await StandsAtAsync(e, d => d.Attempts.Count == 1);
        Assert.Equal(120, (delivery.NextAttemptAt!.Value - _clock.GetUtcNow()).TotalSeconds);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_let_go_in_time_and_asked_again()
    {
        _receiver.Play(Scripts.Silence);
        var e = Enqueue(_receiver.Address, Secret);
        var call = await _receiver.NextCallAsync();
        await _clock.AdvanceUntilAsync(call.Aborted, TimeSpan.FromSeconds(1));
        var delivery = await StandsAtAsync(e, d => d.Attempts.Count == 1);
        Assert.Equal((WebhookState.Pending, null, "timeout"), (delivery.State, delivery.Attempts[0].Status, delivery.Attempts[0].Error));
    }

    [Fact]
    public async Task A_broken_connection_and_nonsense_are_failures_with_a_generic_code()
    {
        using var dead = new DeadPort();
        var refused = Enqueue(dead.Address, Secret);
        _receiver.Play(async call => await call.SendAsync("this is not HTTP\r\n\r\n"));
        var nonsense = Enqueue(_receiver.Address, Secret);
        Assert.Equal("connection_failed", (await StandsAtAsync(refused, d => d.Attempts.Count == 1)).Attempts[0].Error);
        Assert.Equal("invalid_answer", (await StandsAtAsync(nonsense, d => d.Attempts.Count == 1)).Attempts[0].Error);
    }

    [Fact]
    public async Task An_answer_without_end_and_headers_without_end_hold_nothing_up()
    {
        var cut = new TaskCompletionSource();
        _receiver.Play(async call =>
        {
            await call.StartAsync("text/plain");
            try
            {
                for (var i = 0; i < 100_000; i++) await call.ChunkAsync(new string('x', 16 * 1024));
            }
            finally
            {
                cut.TrySetResult();
            }
        });
        var endless = Enqueue(_receiver.Address, Secret);
        Assert.Equal(WebhookState.Delivered, (await StandsAtAsync(endless, d => d.Attempts.Count == 1)).State);
        await cut.Task.Soon();

        await using var talker = new ScriptedUpstream();
        talker.Play(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\n");
            for (var i = 0; i < 10_000; i++) await call.SendAsync($"X-Header-{i}: {new string('x', 100)}\r\n");
        });
        var headers = Enqueue(talker.Address, Secret);
        Assert.Equal("invalid_answer", (await StandsAtAsync(headers, d => d.Attempts.Count == 1)).Attempts[0].Error);
    }

    [Fact]
    public async Task Redelivery_sends_the_same_event_once_more()
    {
        _receiver.Play(Answer(200));
        var e = Enqueue(_receiver.Address, Secret);
        await _receiver.NextCallAsync();
        await StandsAtAsync(e, d => d.State == WebhookState.Delivered);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await Outbox.RedeliverAsync(_owner, _responseId, e.Id));
        Sender(_gateway).Wake();
        AssertSigned(await _receiver.NextCallAsync(), e.Id);
        Assert.Equal(2, (await StandsAtAsync(e, d => d is { State: WebhookState.Delivered, Attempts.Count: 2 })).Attempts.Count);
    }

    [Fact]
    public async Task Fifty_receivers_that_never_answer_do_not_delay_one_that_does()
    {
        await using var gateway = await StartAsync(clock: null);
        var silent = Enumerable.Range(0, 50).Select(_ => new ScriptedUpstream { Script = Scripts.Silence }).ToList();
        try
        {
            foreach (var receiver in silent)
            {
                for (var i = 0; i < 3; i++) Enqueue(receiver.Address, Secret, gateway: gateway);
            }

            _receiver.Play(Answer(200));
            var e = Enqueue(_receiver.Address, Secret, gateway: gateway);
            await _receiver.NextCallAsync().WaitAsync(TimeSpan.FromSeconds(10));
            await StandsAtAsync(e, d => d.State == WebhookState.Delivered, gateway);

            // And now that all the silent ones are being waited for, another.
            Enqueue(_receiver.Address, Secret, gateway: gateway);
            await _receiver.NextCallAsync().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.All(silent, receiver => Assert.InRange(receiver.Calls.Count, 0, 2));
        }
        finally
        {
            foreach (var receiver in silent) await receiver.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_refused_at_connect_and_the_log_does_not_say_where()
    {
        await using var gateway = await StartAsync(_clock, allowsPrivate: false);
        var url = _receiver.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        foreach (var target in (string[])[url, _receiver.Address])
        {
            var e = Enqueue(target, Secret, gateway: gateway);
            var delivery = await StandsAtAsync(e, d => d.Attempts.Count == 1, gateway);
            Assert.Equal((null, "connection_failed"), (delivery.Attempts[0].Status, delivery.Attempts[0].Error));
        }

        Assert.Empty(_receiver.Calls);
        Assert.Equal(2, gateway.Log.Lines.Count(line => line.EventId == 2106));
        AssertLogsHoldNothing(gateway);
    }

    [Fact]
    public async Task A_gateway_that_dies_between_the_answer_and_the_note_leaves_a_delivery_that_comes_again_under_the_same_id()
    {
        _receiver.Play(Answer(200));
        var store = new MemoryWebhookOutbox(_clock);
        var e = Event(_gateway, _receiver.Address, Secret);
        store.Enqueue(e);

        // The first gateway sends it, and is gone before it can note anything.
        var claimed = Assert.Single(await store.ClaimDueAsync(1, 1, TimeSpan.FromSeconds(30)));
        using (var client = ClientOf(_gateway))
            Assert.Equal(200, (await client.SendAsync(claimed.Event, _clock.GetUtcNow(), default)).Status);
        Assert.Empty(await store.ClaimDueAsync(1, 1, TimeSpan.FromSeconds(30)));

        // The second finds it when the claim has run out.
        _clock.Advance(TimeSpan.FromSeconds(31));
        var again = Assert.Single(await store.ClaimDueAsync(1, 1, TimeSpan.FromSeconds(30)));
        using (var client = ClientOf(_gateway))
            Assert.Equal(200, (await client.SendAsync(again.Event, _clock.GetUtcNow(), default)).Status);
        Assert.Equal([e.Id, e.Id], _receiver.Calls.Select(call => call.Headers["webhook-id"].Single()));
        Assert.Equal(_receiver.Calls[0].Body, _receiver.Calls[1].Body);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_sends_nothing_unsigned()
    {
        _receiver.Play(Answer(200));
        var e = Event(_gateway, _receiver.Address, Secret);
        var foreign = e with { Target = e.Target with { Secret = new byte[64] } };
        Outbox.Enqueue(foreign);
        Sender(_gateway).Wake();
        Assert.Equal("secret_unreadable", (await StandsAtAsync(foreign, d => d.Attempts.Count == 1)).Attempts[0].Error);
        Assert.Empty(_receiver.Calls);
    }

    [Fact]
    public async Task Logs_name_the_event_and_hold_no_address_no_secret_and_no_body()
    {
        _receiver.Play(Answer(500));
        var e = Enqueue(_receiver.Address + "hook-with-a-token", Secret);
        await StandsAtAsync(e, d => d.Attempts.Count == 1);
        var line = await _gateway.Log.WaitForAsync(l => l.EventId == 2100);
        Assert.Equal(e.Id, line.Values["EventId"]);
        AssertLogsHoldNothing(_gateway);
    }

    [Fact]
    public async Task A_gateway_that_stops_lets_running_attempts_end()
    {
        await using var gateway = await StartAsync(clock: null);
        var goOn = new TaskCompletionSource();
        _receiver.Play(async call =>
        {
            await goOn.Task;
            await Answer(200)(call);
        });
        var e = Enqueue(_receiver.Address, Secret, gateway: gateway);
        await _receiver.NextCallAsync();
        var outbox = OutboxOf(gateway);
        var stopped = gateway.App.StopAsync();
        goOn.SetResult();
        await stopped.Soon();
        Assert.Equal(WebhookState.Delivered, Assert.Single(await outbox.ListAsync(_owner, _responseId), d => d.Event.Id == e.Id).State);
    }

    [Fact]
    public async Task A_store_that_goes_away_is_waited_for()
    {
        _receiver.Play(Answer(200));
        var outbox = new BreakableOutbox(TimeProvider.System);
        var e = Event(_gateway, _receiver.Address, Secret);
        var away = new LogCapture();
        using var logs = new LoggerFactory([away]);
        var services = _gateway.App.Services;
        using var client = ClientOf(_gateway);
        using var sender = new WebhookSender(
            outbox,
            client,
            services.GetRequiredService<EdgeConfiguration>(),
            services.GetRequiredService<EdgeMetrics>(),
            TimeProvider.System,
            logs.CreateLogger<WebhookSender>());
        outbox.IsAway = true;
        outbox.Inner.Enqueue(e);
        await sender.StartAsync(default);
        await away.WaitForAsync(line => line.EventId == 2101);
        Assert.Empty(_receiver.Calls);

        // Back for the claim, away again for the note: the outcome is kept until it can be noted, and nothing is sent twice.
        outbox.BreaksAtNote = true;
        outbox.IsAway = false;
        await _receiver.NextCallAsync();
        await away.WaitForAsync(line => line.EventId == 2102);
        await outbox.NoteFailed.Task.Soon();
        outbox.BreaksAtNote = false;
        for (var i = 0; i < 3000 && (await outbox.ListAsync(_owner, _responseId))[0].State != WebhookState.Delivered; i++) await Task.Delay(10);
        Assert.Equal(WebhookState.Delivered, Assert.Single(await outbox.ListAsync(_owner, _responseId)).State);
        Assert.Single(_receiver.Calls);
        await sender.StopAsync(default);
    }

    private static Func<UpstreamCall, Task> Answer(int status, string headers = "") => Scripts.Json("thanks", status, "text/plain", headers);

    private static Task<GatewayFixture> StartAsync(TimeProvider? clock, bool allowsPrivate = true) => GatewayFixture.StartAsync(
        config => config with { Webhooks = config.Webhooks with { AllowPrivateTargets = allowsPrivate } }, clock);

    private static MemoryWebhookOutbox OutboxOf(GatewayFixture gateway) => (MemoryWebhookOutbox)gateway.App.Services.GetRequiredService<IWebhookOutbox>();

    private static WebhookSender Sender(GatewayFixture gateway) => gateway.App.Services.GetRequiredService<WebhookSender>();

    private static WebhookHttpClient ClientOf(GatewayFixture gateway) => new(
        gateway.App.Services.GetRequiredService<EdgeConfiguration>(),
        gateway.App.Services.GetRequiredService<WebhookTargets>(),
        TimeProvider.System,
        NullLogger<WebhookHttpClient>.Instance);

    private static byte[] Hmac(byte[] bytes) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), bytes);

    private static void AssertSigned(UpstreamCall call, string id)
    {
        Assert.Equal(id, Assert.Single(call.Headers["webhook-id"]));
        var timestamp = Assert.Single(call.Headers["webhook-timestamp"]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. call.Body];
        Assert.Equal("v1," + Convert.ToBase64String(Hmac(signed)), Assert.Single(call.Headers["webhook-signature"]));
    }

    private static void AssertLogsHoldNothing(GatewayFixture gateway)
    {
        foreach (var line in gateway.Log.Lines.Where(l => l.EventId is >= 2100 and < 2200))
        {
            foreach (var tell in (string[])["127.0.0.1", "localhost", "hook-with-a-token", Secret, "\"object\""])
                Assert.DoesNotContain(tell, line.Text + line.Exception, StringComparison.Ordinal);
        }
    }

    private WebhookEvent Event(GatewayFixture gateway, string url, string? secret) => WebhookEvents.For(
        _owner, _responseId, gateway.App.Services.GetRequiredService<WebhookTargets>().Create(_responseId, url, secret), "completed", _clock.GetUtcNow());

    /// <summary>Puts an event into a gateway's outbox, as the change that it is about does.</summary>
    private WebhookEvent Enqueue(string url, string? secret, GatewayFixture? gateway = null)
    {
        gateway ??= _gateway;
        var e = Event(gateway, url, secret);
        OutboxOf(gateway).Enqueue(e);
        Sender(gateway).Wake();
        return e;
    }

    /// <summary>Waits until a delivery stands as expected.</summary>
    private async Task<WebhookDelivery> StandsAtAsync(WebhookEvent e, Func<WebhookDelivery, bool> expected, GatewayFixture? gateway = null)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var delivery = (await OutboxOf(gateway ?? _gateway).ListAsync(_owner, e.ResponseId)).Single(d => d.Event.Id == e.Id);
            if (expected(delivery)) return delivery;
            await Task.Delay(10, limit.Token);
        }
    }
}
