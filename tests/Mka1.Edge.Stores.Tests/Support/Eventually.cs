using System.Diagnostics;

namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>Waits for what another thread, process or machine brings about.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(Func<Task<bool>> condition, double seconds = 20)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"Not so within {seconds} s.");
            await Task.Delay(10);
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, double seconds = 20) => IsTrueAsync(() => Task.FromResult(condition()), seconds);
}
