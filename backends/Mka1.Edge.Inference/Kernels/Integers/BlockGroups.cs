namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Groups of 64 weights or more.</summary>
internal readonly struct BlockGroups : IGroups
{
    public static int InBlock => 1;
}
