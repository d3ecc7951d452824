using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// When a delivery is tried again: the steps of Standard Webhooks, about a day in all, each give or take a fifth, so that what
/// failed together does not come back together.
/// </summary>
internal static class WebhookSchedule
{
    private const double Jitter = 0.2;
    private const int Gone = 410;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(6),
    ];

    /// <summary>Attempts in all before a delivery is given up.</summary>
    public static int MaxAttempts => Delays.Length + 1;

    /// <summary>Where a delivery stands after an attempt, and how long until the next.</summary>
    /// <param name="attempts">Attempts so far, this one included.</param>
    /// <param name="answer">What came of this one.</param>
    /// <param name="random">0 up to 1.</param>
    public static (WebhookState State, TimeSpan? RetryAfter) After(int attempts, WebhookAnswer answer, double random)
    {
        if (answer.Status is >= 200 and < 300) return (WebhookState.Delivered, null);
        if (answer.Status == Gone || attempts > Delays.Length) return (WebhookState.Failed, null);

        var delay = Delays[attempts - 1] * (1 - Jitter + (2 * Jitter * random));
        var asked = answer.Status is 429 or 503 ? answer.RetryAfter ?? TimeSpan.Zero : TimeSpan.Zero;
        if (asked > LongestRetryAfter) asked = LongestRetryAfter;
        return (WebhookState.Pending, asked > delay ? asked : delay);
    }
}
