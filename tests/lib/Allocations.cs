namespace Mka1.Edge;

/// <summary>What calls allocate on this thread, told apart from what the runtime allocates there when it swaps in better code.</summary>
internal static class Allocations
{
    private const int Rounds = 100;

    /// <summary>The least that one of many rounds allocated, in bytes: what the calls themselves allocate, they allocate every time.</summary>
    public static long Least(Action calls)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            calls();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
