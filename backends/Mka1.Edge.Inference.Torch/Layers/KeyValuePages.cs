using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Layers;

/// <summary>Keys and values of one layer on the device: [pages, key-value heads, page size, head size].</summary>
internal sealed class KeyValuePages : IDisposable
{
    // The same memory seen as single positions and as whole pages of a head.
    private readonly Tensor _keys;
    private readonly Tensor _values;
    private readonly Tensor _keyPages;
    private readonly Tensor _valuePages;
    private readonly long _headSize;

    // Zeros, not whatever was there: padding is masked away, but not-a-number times zero would show.
    public KeyValuePages(int pages, int heads, int pageSize, int headSize, TorchDevice device)
    {
        _headSize = headSize;
        var rows = (long)pages * heads;
        _keyPages = Keep(zeros(rows, (long)pageSize * headSize, device.Type, device.Device));
        _valuePages = Keep(zeros(rows, (long)pageSize * headSize, device.Type, device.Device));
        _keys = Keep(_keyPages.view(-1, headSize));
        _values = Keep(_valuePages.view(-1, headSize));
    }

    /// <summary>Stores new keys and values [rows, key-value heads, head size].</summary>
    public void Write(Tensor slots, Tensor keys, Tensor values)
    {
        _keys.index_copy_(0, slots, keys.reshape(-1, _headSize));
        _values.index_copy_(0, slots, values.reshape(-1, _headSize));
    }

    /// <summary>The keys of a group: [batch · key-value heads, positions, head size].</summary>
    public Tensor Keys(Tensor pageRows, long batchHeads) => _keyPages.index_select(0, pageRows).view(batchHeads, -1, _headSize);

    /// <summary>The values of a group, likewise.</summary>
    public Tensor Values(Tensor pageRows, long batchHeads) => _valuePages.index_select(0, pageRows).view(batchHeads, -1, _headSize);

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _keyPages.Dispose();
        _valuePages.Dispose();
    }

    private static Tensor Keep(Tensor tensor) => tensor.DetachFromDisposeScope();
}
