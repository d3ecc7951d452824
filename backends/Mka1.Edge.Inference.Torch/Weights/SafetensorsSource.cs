using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Weights;

/// <summary>Reads tensors from the safetensors files of a model directory.</summary>
internal sealed class SafetensorsSource(string directory) : ITensorSource
{
    private readonly WeightFiles _files = WeightFiles.Open(directory);

    public Tensor Read(string name, params ReadOnlySpan<long> shape)
    {
        var file = _files.Holding(name);
        if (file.Has(name, TensorType.U8))
            return Copy(file.Map(name, TensorType.U8, shape[0], shape[1] / 2), [shape[0], shape[1] / 2], ScalarType.Byte);
        var type = file.Require(name, shape);
        return Copy(file.Map(name, type, shape), shape, type switch
        {
            TensorType.F32 => ScalarType.Float32,
            TensorType.F16 => ScalarType.Float16,
            TensorType.BF16 => ScalarType.BFloat16,
            TensorType.I8 => ScalarType.Int8,
            _ => throw new ModelFormatException(file.Path, $"tensor '{name}' is {type}; expected a matrix of F32, F16, BF16, I8 or packed U8."),
        });
    }

    public void Dispose() => _files.Dispose();

    // A span has an int length, and a tensor may be larger: slice by slice.
    private static unsafe Tensor Copy(WeightMemory memory, ReadOnlySpan<long> shape, ScalarType type)
    {
        const int SliceElements = 1 << 27;
        var tensor = empty(shape.ToArray(), type);
        using var flat = tensor.view(-1);
        var source = memory.Address;
        for (long done = 0; done < flat.NumberOfElements; done += SliceElements)
        {
            using var slice = flat.narrow(0, done, Math.Min(SliceElements, flat.NumberOfElements - done));
            var bytes = slice.bytes;
            new ReadOnlySpan<byte>(source, bytes.Length).CopyTo(bytes);
            source += bytes.Length;
        }
        GC.KeepAlive(memory);
        return tensor;
    }
}
