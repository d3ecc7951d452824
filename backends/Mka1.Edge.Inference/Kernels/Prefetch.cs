using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>Asks for memory before it is read, where the machine can be asked.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Fetches a cache line into the second-level cache. The address need not be valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
