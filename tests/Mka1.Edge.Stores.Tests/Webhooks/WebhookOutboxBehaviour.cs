using System.Text;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Tests.Webhooks;

/// <summary>Promise: what is put into the outbox is delivered at least once, in its time, and no receiver is overrun.</summary>
public abstract class WebhookOutboxBehaviour
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>An outbox that holds nothing yet.</summary>
    protected abstract IWebhookOutbox Outbox { get; }

    [Fact]
    public async Task A_new_notification_is_due_at_once_and_comes_as_it_was_given()
    {
        var given = Event(secret: [1, 0, 255]);
        await EnqueueAsync(given);
        var claimed = Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
        Assert.Equal(given.Id, claimed.Event.Id);
        Assert.Equal(given.Owner, claimed.Event.Owner);
        Assert.Equal(given.ResponseId, claimed.Event.ResponseId);
        Assert.Equal(given.Type, claimed.Event.Type);
        Assert.Equal(given.Target.Url, claimed.Event.Target.Url);
        Assert.Equal([1, 0, 255], claimed.Event.Target.Secret!.Value.ToArray());
        Assert.Equal(given.Payload.ToArray(), claimed.Event.Payload.ToArray());
        Assert.Equal(WebhookState.Pending, claimed.State);
        Assert.Empty(claimed.Attempts);
    }

    [Fact]
    public async Task One_without_a_secret_and_one_without_an_end_user_keep_that()
    {
        var given = Event(owner: new Owner("tenant-" + Guid.NewGuid(), null));
        await EnqueueAsync(given);
        var listed = Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId));
        Assert.Null(listed.Event.Target.Secret);
        Assert.Null(listed.Event.Owner.EndUser);
        Assert.Empty(await Outbox.ListAsync(given.Owner with { EndUser = "u" }, given.ResponseId));
    }

    [Fact]
    public async Task The_same_notification_twice_is_one()
    {
        var given = Event();
        await EnqueueAsync(given);
        await EnqueueAsync(given);
        Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
        Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId));
    }

    [Fact]
    public async Task A_claimed_delivery_is_nobody_elses_until_its_lease_runs_out_and_then_comes_under_the_same_id()
    {
        var given = Event();
        await EnqueueAsync(given);
        Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
        await PassAsync(Lease / 2);
        Assert.Empty(await Outbox.ClaimDueAsync(10, 2, Lease));
        await PassAsync(Lease);
        var again = Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
        Assert.Equal(given.Id, again.Event.Id);
        Assert.Equal(given.Payload.ToArray(), again.Event.Payload.ToArray());
    }

    [Fact]
    public async Task A_delivered_one_is_done_and_its_attempt_is_remembered()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.ClaimDueAsync(10, 2, Lease);
        await Outbox.RecordAsync(given.Id, Attempt(1, 204), WebhookState.Delivered, null);
        await PassAsync(TimeSpan.FromDays(2));
        Assert.Empty(await Outbox.ClaimDueAsync(10, 2, Lease));
        var listed = Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId));
        Assert.Equal(WebhookState.Delivered, listed.State);
        Assert.Null(listed.NextAttemptAt);
        Assert.Equal([Attempt(1, 204)], listed.Attempts);
    }

    [Fact]
    public async Task A_failed_attempt_comes_again_when_it_is_due_and_not_before()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.ClaimDueAsync(10, 2, Lease);
        await Outbox.RecordAsync(given.Id, Attempt(1, null, "timeout"), WebhookState.Pending, TimeSpan.FromMinutes(5));
        await PassAsync(TimeSpan.FromMinutes(4));
        Assert.Empty(await Outbox.ClaimDueAsync(10, 2, Lease));
        Assert.NotNull(Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId)).NextAttemptAt);
        await PassAsync(TimeSpan.FromMinutes(2));
        var again = Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
        Assert.Equal([Attempt(1, null, "timeout")], again.Attempts);
    }

    [Fact]
    public async Task One_that_was_given_up_does_not_come_again()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.ClaimDueAsync(10, 2, Lease);
        await Outbox.RecordAsync(given.Id, Attempt(1, 410), WebhookState.Failed, null);
        await PassAsync(TimeSpan.FromDays(2));
        Assert.Empty(await Outbox.ClaimDueAsync(10, 2, Lease));
        Assert.Equal(WebhookState.Failed, Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId)).State);
    }

    [Fact]
    public async Task Redelivery_makes_a_delivered_and_a_failed_one_due_again_under_the_same_id()
    {
        foreach (var end in (WebhookState[])[WebhookState.Delivered, WebhookState.Failed])
        {
            var given = Event();
            await EnqueueAsync(given);
            await Outbox.ClaimDueAsync(10, 2, Lease);
            await Outbox.RecordAsync(given.Id, Attempt(1, 200), end, null);
            Assert.True(await Outbox.RedeliverAsync(given.Owner, given.ResponseId, given.Id));
            Assert.Equal(WebhookState.Pending, Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId)).State);
            var again = Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
            Assert.Equal(given.Id, again.Event.Id);
            await Outbox.RecordAsync(given.Id, Attempt(2, 200), WebhookState.Delivered, null);
            Assert.Equal([Attempt(1, 200), Attempt(2, 200)], Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId)).Attempts);
        }
    }

    [Fact]
    public async Task Redelivery_brings_a_waiting_one_forward()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.ClaimDueAsync(10, 2, Lease);
        await Outbox.RecordAsync(given.Id, Attempt(1, 500), WebhookState.Pending, TimeSpan.FromHours(10));
        Assert.True(await Outbox.RedeliverAsync(given.Owner, given.ResponseId, given.Id));
        Assert.Single(await Outbox.ClaimDueAsync(10, 2, Lease));
    }

    [Fact]
    public async Task Nobody_but_the_owner_sees_or_redelivers()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.ClaimDueAsync(10, 2, Lease);
        await Outbox.RecordAsync(given.Id, Attempt(1, 200), WebhookState.Delivered, null);
        foreach (var other in new[] { given.Owner with { TenantId = "other" }, given.Owner with { EndUser = "other" }, given.Owner with { EndUser = null } })
        {
            Assert.Empty(await Outbox.ListAsync(other, given.ResponseId));
            Assert.False(await Outbox.RedeliverAsync(other, given.ResponseId, given.Id));
        }

        Assert.Empty(await Outbox.ListAsync(given.Owner, "resp_other"));
        Assert.False(await Outbox.RedeliverAsync(given.Owner, "resp_other", given.Id));
        Assert.False(await Outbox.RedeliverAsync(given.Owner, given.ResponseId, "evt_other"));
        Assert.Empty(await Outbox.ClaimDueAsync(10, 2, Lease));
    }

    [Fact]
    public async Task A_receiver_never_has_more_out_than_its_bound_and_does_not_hold_up_others()
    {
        for (var i = 0; i < 20; i++) await EnqueueAsync(Event(url: $"https://busy.example/{i}"));
        await EnqueueAsync(Event(url: "https://quiet.example/hook"));
        await EnqueueAsync(Event(url: "https://busy.example:8443/hook"));

        var claimed = await Outbox.ClaimDueAsync(100, 2, Lease);
        Assert.Equal(2, claimed.Count(d => d.Event.Target.Url.StartsWith("https://busy.example/", StringComparison.Ordinal)));
        Assert.Equal(4, claimed.Count);
        Assert.Empty(await Outbox.ClaimDueAsync(100, 2, Lease));

        await Outbox.RecordAsync(claimed.First(d => d.Event.Target.Url.StartsWith("https://busy.example/", StringComparison.Ordinal)).Event.Id, Attempt(1, 200), WebhookState.Delivered, null);
        Assert.Single(await Outbox.ClaimDueAsync(100, 2, Lease));
    }

    [Fact]
    public async Task Many_claimers_at_once_share_the_work_and_keep_to_the_bound()
    {
        for (var i = 0; i < 60; i++) await EnqueueAsync(Event(url: $"https://r{i % 6}.example/{i}"));
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await Outbox.ClaimDueAsync(3, 4, Lease))));
        var claimed = claims.SelectMany(c => c).ToList();
        Assert.Equal(claimed.Count, claimed.Select(d => d.Event.Id).Distinct().Count());
        Assert.Equal(24, claimed.Count);
        Assert.All(claimed.CountBy(d => new Uri(d.Event.Target.Url).Host), receiver => Assert.Equal(4, receiver.Value));
    }

    [Fact]
    public async Task No_more_are_claimed_than_asked_for_and_the_longest_due_go_first()
    {
        var first = Event(url: "https://z.example/");
        await EnqueueAsync(first);
        for (var i = 0; i < 5; i++) await EnqueueAsync(Event(url: $"https://a{i}.example/"));
        Assert.Equal(first.Id, Assert.Single(await Outbox.ClaimDueAsync(1, 2, Lease)).Event.Id);
        Assert.Equal(3, (await Outbox.ClaimDueAsync(3, 2, Lease)).Count);
        Assert.Equal(2, (await Outbox.ClaimDueAsync(100, 2, Lease)).Count);
    }

    [Fact]
    public async Task Noting_an_attempt_twice_is_noting_it_once()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.RecordAsync(given.Id, Attempt(1, 500), WebhookState.Pending, TimeSpan.FromSeconds(5));
        await Outbox.RecordAsync(given.Id, Attempt(1, 500), WebhookState.Pending, TimeSpan.FromSeconds(5));
        Assert.Single(Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId)).Attempts);
    }

    [Fact]
    public async Task A_late_failure_does_not_undo_a_delivery()
    {
        var given = Event();
        await EnqueueAsync(given);
        await Outbox.RecordAsync(given.Id, Attempt(2, 200), WebhookState.Delivered, null);
        await Outbox.RecordAsync(given.Id, Attempt(1, null, "timeout"), WebhookState.Pending, TimeSpan.FromSeconds(5));
        var listed = Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId));
        Assert.Equal(WebhookState.Delivered, listed.State);
        Assert.Equal([Attempt(1, null, "timeout"), Attempt(2, 200)], listed.Attempts);
    }

    [Fact]
    public async Task Of_many_attempts_the_newest_are_remembered()
    {
        var given = Event();
        await EnqueueAsync(given);
        for (var i = 0; i < IWebhookOutbox.AttemptsKept + 5; i++)
            await Outbox.RecordAsync(given.Id, Attempt(i, 500), WebhookState.Pending, TimeSpan.Zero);
        var attempts = Assert.Single(await Outbox.ListAsync(given.Owner, given.ResponseId)).Attempts;
        Assert.Equal(IWebhookOutbox.AttemptsKept, attempts.Count);
        Assert.Equal(Attempt(IWebhookOutbox.AttemptsKept + 4, 500), attempts[^1]);
    }

    [Fact]
    public async Task Deliveries_of_a_response_are_listed_oldest_first()
    {
        var first = Event();
        await EnqueueAsync(first);
        for (var i = 0; i < 4; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
            await EnqueueAsync(first with { Id = NewId(), Type = "response.step" + i });
        }

        Assert.Equal(
            [first.Type, "response.step0", "response.step1", "response.step2", "response.step3"],
            (await Outbox.ListAsync(first.Owner, first.ResponseId)).Select(d => d.Event.Type));
    }

    [Fact]
    public async Task A_note_about_a_delivery_that_is_not_there_changes_nothing()
    {
        await Outbox.RecordAsync("evt_gone", Attempt(1, 200), WebhookState.Delivered, null);
        Assert.Empty(await Outbox.ClaimDueAsync(10, 2, Lease));
    }

    /// <summary>Takes a notification in, as the change it comes with does.</summary>
    protected abstract Task EnqueueAsync(WebhookEvent e);

    /// <summary>Lets time pass for the outbox.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    private static string NewId() => "evt_" + Guid.NewGuid().ToString("N");

    private static WebhookAttempt Attempt(int second, int? status, string? error = null) =>
        new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second), status, error);

    private static WebhookEvent Event(Owner? owner = null, string url = "https://receiver.example/hook", byte[]? secret = null) => new(
        NewId(),
        owner ?? new Owner("tenant-" + Guid.NewGuid(), "user"),
        "resp_" + Guid.NewGuid().ToString("N"),
        new WebhookTarget(url, secret is null ? default(ReadOnlyMemory<byte>?) : secret),
        "response.completed",
        Encoding.UTF8.GetBytes("""{"id":"evt","data":"a\u0000b"}""" + "\0"));
}
