namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Groups of 32 weights.</summary>
internal readonly struct ChunkGroups : IGroups
{
    public static int InBlock => 2;
}
