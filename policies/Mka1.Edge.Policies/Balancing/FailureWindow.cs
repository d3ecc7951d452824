namespace Mka1.Edge.Policies.Balancing;

/// <summary>How many requests there were lately and how many failed: the window under way, and as much of the one before as is not over yet.</summary>
/// <param name="Since">When the window under way began.</param>
/// <param name="Requests">Requests in it.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="RequestsBefore">Requests in the window before it.</param>
/// <param name="FailedBefore">Those that failed.</param>
public readonly record struct FailureWindow(TimeSpan Since, int Requests, int Failed, int RequestsBefore, int FailedBefore)
{
    /// <summary>The same with one more request.</summary>
    public FailureWindow With(bool failed, TimeSpan now, TimeSpan length)
    {
        var rolled = Rolled(now, length);
        return rolled with { Requests = rolled.Requests + 1, Failed = rolled.Failed + (failed ? 1 : 0) };
    }

    /// <summary>Whether at least <paramref name="rate"/> of at least <paramref name="minimum"/> requests failed.</summary>
    public bool Exceeds(double rate, int minimum, TimeSpan now, TimeSpan length)
    {
        var rolled = Rolled(now, length);
        var left = 1 - Math.Clamp((now - rolled.Since) / length, 0, 1);
        var requests = rolled.Requests + (left * rolled.RequestsBefore);
        var failed = rolled.Failed + (left * rolled.FailedBefore);
        return requests >= minimum && failed >= rate * requests;
    }

    private FailureWindow Rolled(TimeSpan now, TimeSpan length) => (now - Since) switch
    {
        var age when age >= 2 * length => new FailureWindow(now, 0, 0, 0, 0),
        var age when age >= length => new FailureWindow(Since + length, 0, 0, Requests, Failed),
        _ => this,
    };
}
