namespace Mka1.Edge.Inference.Kernels;

/// <summary>Work that can be cut into parts that touch different outputs.</summary>
internal interface IPartitionedWork
{
    /// <summary>Does part number <paramref name="part"/> of <paramref name="parts"/>.</summary>
    void Run(int part, int parts);
}
