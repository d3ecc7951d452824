namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>How long a test waits for what must happen: far longer than it takes, so that only a hang meets it.</summary>
internal static class Bound
{
    public static readonly TimeSpan Generous = TimeSpan.FromMinutes(5);

    /// <summary>Asks again and again until the answer satisfies.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies)
    {
        using var limit = new CancellationTokenSource(Generous);
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
                return answer;
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
