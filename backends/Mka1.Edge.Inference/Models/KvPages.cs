using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Models;

/// <summary>Keys and values of all sequences, in pages of <see cref="PageSize"/> positions.</summary>
/// <remarks>
/// For each layer, page and key-value head there is one block: keys [head size, slot], then values [slot, head size]. Keys lie
/// across, so that a vector holds one coordinate of many positions and scores need no sums within a vector. Memory is taken
/// from the system as pages are first written, not at the start.
/// </remarks>
internal sealed unsafe class KvPages : IDisposable
{
    /// <summary>Positions in a page: a multiple of every vector width.</summary>
    public const int PageSize = 16;

    private const int CacheLine = 64;

    private readonly float*[] _layers;
    private readonly int _heads;
    private readonly int _headSize;

    public KvPages(ModelConfig config, int count)
    {
        Count = count;
        _heads = config.KeyValueHeads;
        _headSize = config.HeadSize;
        _layers = new float*[config.Layers];
        var bytes = checked((nuint)(BytesPerPage(config) / config.Layers * count));
        for (var i = 0; i < _layers.Length; i++)
            _layers[i] = (float*)NativeMemory.AlignedAlloc(bytes, CacheLine);
    }

    ~KvPages() => Free();

    /// <summary>Pages there are.</summary>
    public int Count { get; }

    /// <summary>Bytes of one page, all layers together.</summary>
    public static long BytesPerPage(ModelConfig config) => 2L * PageSize * sizeof(float) * config.Layers * config.KeyValueHeads * config.HeadSize;

    /// <summary>Keys of a page and head: [head size, <see cref="PageSize"/>].</summary>
    public float* Keys(int layer, int page, int head)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)page, (uint)Count);
        return _layers[layer] + ((((long)page * _heads) + head) * 2 * PageSize * _headSize);
    }

    /// <summary>Values of a page and head: [<see cref="PageSize"/>, head size].</summary>
    public float* Values(int layer, int page, int head) => Keys(layer, page, head) + (PageSize * _headSize);

    /// <summary>Stores one position of one head.</summary>
    public void Store(int layer, int page, int slot, int head, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        var keys = Keys(layer, page, head);
        for (var i = 0; i < key.Length; i++)
            keys[(i * PageSize) + slot] = key[i];
        value.CopyTo(new Span<float>(Values(layer, page, head) + (slot * _headSize), _headSize));
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            NativeMemory.AlignedFree(_layers[i]);
            _layers[i] = null;
        }
    }
}
