using System.Runtime.CompilerServices;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Tests.Kernels;

public sealed class WeightMemoryTests
{
    [Fact]
    public void Weights_stay_where_they_are_when_the_collector_moves_things()
    {
        var memories = Create();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        // Whatever was given back is used again.
        var others = Enumerable.Range(0, 20_000).Select(_ => Enumerable.Repeat((byte)255, 64).ToArray()).ToList();
        Assert.All(memories, memory => Assert.Equal(Enumerable.Repeat(1f, 16), Read(memory)));
        GC.KeepAlive(others);
    }

    // Each array between others that die: compacting moves it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeightMemory> Create()
    {
        var memories = new List<WeightMemory>();
        for (var i = 0; i < 1000; i++)
        {
            GC.KeepAlive(new byte[256]);
            var values = new float[16];
            Array.Fill(values, 1f);
            memories.Add(WeightMemory.Of<float>(values));
        }
        return memories;
    }

    private static unsafe float[] Read(WeightMemory memory)
    {
        var values = new ReadOnlySpan<float>(memory.Address, 16).ToArray();
        GC.KeepAlive(memory);
        return values;
    }
}
