using System.Buffers;

namespace Mka1.Edge.Inference.Models;

/// <summary>Keys and values of one request, for each layer [key-value head, position, head size].</summary>
/// <remarks>Sized to what the request can reach, not to the context window; the arrays come from and go back to the shared pool.</remarks>
internal sealed class KvCache : IDisposable
{
    private readonly float[][] _keys;
    private readonly float[][] _values;
    private readonly int _headSize;
    private readonly int _elements;
    private bool _disposed;

    public KvCache(ModelConfig config, int capacity)
    {
        Capacity = capacity;
        _headSize = config.HeadSize;
        _elements = checked(config.KeyValueHeads * config.HeadSize * capacity);
        _keys = Rent(config.Layers);
        _values = Rent(config.Layers);
    }

    /// <summary>Positions there is room for.</summary>
    public int Capacity { get; }

    /// <summary>Positions filled.</summary>
    public int Length { get; set; }

    /// <summary>Bytes in use.</summary>
    public long Bytes => 2L * _keys.Length * _elements * sizeof(float);

    /// <summary>Where the row of a head and position starts, in <see cref="Keys"/> and <see cref="Values"/>.</summary>
    public int Offset(int keyValueHead, int position) => ((keyValueHead * Capacity) + position) * _headSize;

    public Span<float> Keys(int layer) => _keys[layer].AsSpan(0, _elements);

    public Span<float> Values(int layer) => _values[layer].AsSpan(0, _elements);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            // Cleared: what one caller wrote is not left lying in a pool that others draw from.
            ArrayPool<float>.Shared.Return(_keys[layer], clearArray: true);
            ArrayPool<float>.Shared.Return(_values[layer], clearArray: true);
        }
    }

    private float[][] Rent(int layers)
    {
        var arrays = new float[layers][];
        for (var layer = 0; layer < layers; layer++)
            arrays[layer] = ArrayPool<float>.Shared.Rent(_elements);
        return arrays;
    }
}
