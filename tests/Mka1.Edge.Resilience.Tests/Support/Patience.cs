using System.Diagnostics;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>Bounds: what takes longer hangs.</summary>
internal static class Patience
{
    /// <summary>For anything at all.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>For what is promised within seconds: so long only if it hangs, on a full machine too. What it took is reported.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>A token that is cancelled after <paramref name="limit"/>.</summary>
    public static CancellationToken Within(TimeSpan limit) => new CancellationTokenSource(limit).Token;

    /// <summary>Waits until something is so.</summary>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> so, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await so())
        {
            Assert.True(clock.Elapsed < (limit ?? Long), $"Not within {limit ?? Long}: {what}.");
            await Task.Delay(Interval);
        }

        return clock.Elapsed;
    }
}
