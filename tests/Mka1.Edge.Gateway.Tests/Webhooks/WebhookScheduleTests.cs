using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Webhooks;

public sealed class WebhookScheduleTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5 * 60)]
    [InlineData(3, 30 * 60)]
    [InlineData(4, 2 * 3600)]
    [InlineData(5, 5 * 3600)]
    [InlineData(6, 10 * 3600)]
    [InlineData(7, 6 * 3600)]
    public void Each_failure_waits_its_time_give_or_take_a_fifth(int attempts, double seconds)
    {
        foreach (var (random, factor) in new[] { (0.0, 0.8), (0.5, 1.0), (1.0, 1.2) })
        {
            var (state, wait) = WebhookSchedule.After(attempts, new WebhookAnswer(500), random);
            Assert.Equal(WebhookState.Pending, state);
            Assert.Equal(seconds * factor, wait!.Value.TotalSeconds, precision: 6);
        }
    }

    [Fact]
    public void All_of_it_takes_about_a_day()
    {
        var total = TimeSpan.Zero;
        for (var attempts = 1; attempts < WebhookSchedule.MaxAttempts; attempts++)
            total += WebhookSchedule.After(attempts, new WebhookAnswer(null, Error: WebhookErrors.Timeout), 0.5).RetryAfter!.Value;
        Assert.InRange(total.TotalHours, 23, 24);
        Assert.Equal((WebhookState.Failed, null), WebhookSchedule.After(WebhookSchedule.MaxAttempts, new WebhookAnswer(500), 0.5));
        Assert.Equal((WebhookState.Failed, null), WebhookSchedule.After(50, new WebhookAnswer(500), 0.5));
    }

    [Theory]
    [InlineData(200, WebhookState.Delivered)]
    [InlineData(204, WebhookState.Delivered)]
    [InlineData(299, WebhookState.Delivered)]
    [InlineData(301, WebhookState.Pending)]
    [InlineData(304, WebhookState.Pending)]
    [InlineData(400, WebhookState.Pending)]
    [InlineData(404, WebhookState.Pending)]
    [InlineData(410, WebhookState.Failed)]
    [InlineData(429, WebhookState.Pending)]
    [InlineData(500, WebhookState.Pending)]
    [InlineData(599, WebhookState.Pending)]
    [InlineData(null, WebhookState.Pending)]
    public void Only_2xx_is_success_and_410_ends_it(int? status, WebhookState state) =>
        Assert.Equal(state, WebhookSchedule.After(1, new WebhookAnswer(status), 0.5).State);

    [Theory]
    [InlineData(429, 1, 120, 120)]
    [InlineData(503, 1, 120, 120)]
    [InlineData(503, 1, 1, 5)] // never sooner than the schedule
    [InlineData(503, 1, -10, 5)]
    [InlineData(503, 1, 86400, 3600)] // an hour at most
    [InlineData(503, 4, 86400, 7200)]
    [InlineData(500, 1, 120, 5)] // 429 and 503 only
    public void Retry_after_is_heeded_for_an_hour_at_most(int status, int attempts, double asked, double expected) => Assert.Equal(
        expected, WebhookSchedule.After(attempts, new WebhookAnswer(status, TimeSpan.FromSeconds(asked)), 0.5).RetryAfter!.Value.TotalSeconds);
}
