using System.Runtime.Intrinsics;

namespace Mka1.Edge.InferenceBench.Peer;

/// <summary>How fast the machine reads memory: threads that add up arrays far larger than any cache.</summary>
internal sealed class MemoryBandwidth : IDisposable
{
    private const int BytesOfThread = 256 << 20;

    private readonly long[][] _arrays;

    public MemoryBandwidth(int threads)
    {
        _arrays = new long[threads][];
        for (var i = 0; i < threads; i++)
        {
            _arrays[i] = GC.AllocateUninitializedArray<long>(BytesOfThread / sizeof(long), pinned: true);
            Array.Fill(_arrays[i], i);
        }
    }

    /// <summary>One pass over all arrays.</summary>
    /// <returns>Bytes a second.</returns>
    public double Measure()
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var threads = _arrays.Select(array => new Thread(() => Sum(array))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return (double)BytesOfThread * _arrays.Length / time.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => Array.Clear(_arrays);

    private static unsafe void Sum(long[] array)
    {
        fixed (long* first = array)
        {
            Vector512<long> a = default, b = default, c = default, d = default;
            for (var i = 0; i <= array.Length - 32; i += 32)
            {
                a += Vector512.Load(first + i);
                b += Vector512.Load(first + i + 8);
                c += Vector512.Load(first + i + 16);
                d += Vector512.Load(first + i + 24);
            }
            if (Vector512.Sum(a + b + c + d) < 0)
                throw new InvalidOperationException("Sums of small numbers are not negative.");
        }
    }
}
