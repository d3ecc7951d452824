using System.IO.MemoryMappedFiles;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Weights;

/// <summary>A file that the system reads page by page as it is used, and shares between processes that serve the same model.</summary>
/// <remarks>
/// It stays mapped as long as any <see cref="WeightMemory"/> of it is reachable, also after the file was closed or deleted.
/// Replace a model's files by renaming new ones over them: what is written into a mapped file changes the running model.
/// </remarks>
internal sealed unsafe class MappedFile
{
    private readonly object _view;
    private readonly byte* _address;
    private readonly long _length;

    public MappedFile(FileStream stream)
    {
        _length = stream.Length;
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);

        // Unmapped by the view's finalizer. A counted pointer would never be let go, since nobody is there to release it.
        _view = view;
        _address = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>A range of the file.</summary>
    public WeightMemory Slice(long begin, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(begin + bytes, _length, nameof(bytes));
        return new WeightMemory(_address + begin, bytes, _view);
    }
}
