using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Weights;

/// <summary>An open safetensors file: reads tensors by name, with the type and shape the caller expects.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    // RandomAccess takes int lengths; read large tensors in slices.
    private const int SliceBytes = 1 << 26;

    private readonly FileStream _stream;
    private readonly Dictionary<string, TensorInfo> _tensors;
    private readonly long _dataStart;
    private MappedFile? _mapped;

    private SafetensorsFile(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
        (_tensors, _dataStart) = SafetensorsHeader.Read(path, stream);
    }

    public string Path { get; }

    public IEnumerable<TensorInfo> Tensors => _tensors.Values;

    public static SafetensorsFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"cannot be opened ({e.Message}). Weights are read from model.safetensors, or from the shards that model.safetensors.index.json lists.", e);
        }
        try
        {
            return new SafetensorsFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The type of a tensor that must be there with this shape.</summary>
    public TensorType Require(string name, params ReadOnlySpan<long> shape)
    {
        var (type, _) = Find(name, shape);
        return type;
    }

    /// <summary>Reads an F32, F16 or BF16 tensor, widened to float.</summary>
    public float[] ReadFloats(string name, params ReadOnlySpan<long> shape)
    {
        var (type, info) = Find(name, shape);
        switch (type)
        {
            case TensorType.F32:
                return Read<float>(info);
            case TensorType.F16:
                var halves = Read<Half>(info);
                // It may become the memory of a matrix, which must not move.
                var widened = WeightMemory.Allocate<float>(halves.Length);
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(halves, widened);
                return widened;
            case TensorType.BF16:
                return Array.ConvertAll(Read<ushort>(info), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
            default:
                throw new ModelFormatException(Path, $"tensor '{name}' is {type}; expected F32, F16 or BF16.");
        }
    }

    /// <summary>The type of a tensor's elements, or null when it is none that is read.</summary>
    public static TensorType? TypeOf(TensorInfo info) =>
        Enum.TryParse(info.TypeName, out TensorType type) && type.ToString() == info.TypeName ? type : null;

    /// <summary>Whether a tensor is there and has this type.</summary>
    public bool Has(string name, TensorType type) => _tensors.TryGetValue(name, out var info) && info.TypeName == type.ToString();

    /// <summary>Maps a tensor into memory as it lies in the file; good beyond the life of this object.</summary>
    public WeightMemory Map(string name, TensorType expected, params ReadOnlySpan<long> shape)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors data is little-endian, this machine is not.");
        var info = FindTyped(name, expected, shape);
        try
        {
            _mapped ??= new MappedFile(_stream);
        }
        catch (IOException e)
        {
            throw new ModelFormatException(Path, $"cannot be mapped into memory: {e.Message}", e);
        }
        return _mapped.Slice(_dataStart + info.Begin, info.End - info.Begin);
    }

    public void Dispose() => _stream.Dispose();

    private TensorInfo FindTyped(string name, TensorType expected, ReadOnlySpan<long> shape)
    {
        var (type, info) = Find(name, shape);
        return type == expected ? info : throw new ModelFormatException(Path, $"tensor '{name}' is {type}; expected {expected}.");
    }

    private (TensorType Type, TensorInfo Info) Find(string name, ReadOnlySpan<long> shape)
    {
        if (!_tensors.TryGetValue(name, out var info))
            throw new ModelFormatException(Path, $"tensor '{name}' is missing.");
        if (TypeOf(info) is not { } type)
            throw new ModelFormatException(Path, $"tensor '{name}' has type '{info.TypeName}'; supported are F32, F16, BF16, I8 and U8.");
        if (!shape.SequenceEqual(info.Shape))
            throw new ModelFormatException(Path, $"tensor '{name}' has shape [{string.Join(',', info.Shape)}]; config.json asks for [{string.Join(',', shape.ToArray())}].");

        // The shape is the expected one by now, so that its product cannot overflow.
        long count = 1;
        foreach (var size in shape)
            count *= size;
        var bytes = count * Size(type);
        if (bytes != info.End - info.Begin)
            throw new ModelFormatException(Path, $"tensor '{name}' takes {info.End - info.Begin} bytes; {info.TypeName} of this shape needs {bytes}.");
        if (count > Array.MaxLength)
            throw new ModelFormatException(Path, $"tensor '{name}' has {count} elements; at most {Array.MaxLength} are supported.");
        return (type, info);
    }

    private T[] Read<T>(TensorInfo info)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors data is little-endian, this machine is not.");
        var size = Marshal.SizeOf<T>();
        var result = GC.AllocateUninitializedArray<T>((int)((info.End - info.Begin) / size));
        var perSlice = SliceBytes / size;
        for (var done = 0; done < result.Length; done += perSlice)
        {
            var slice = MemoryMarshal.AsBytes(result.AsSpan(done, Math.Min(perSlice, result.Length - done)));
            _stream.Position = _dataStart + info.Begin + ((long)done * size);
            try
            {
                _stream.ReadExactly(slice);
            }
            catch (IOException e)
            {
                throw new ModelFormatException(Path, $"tensor '{info.Name}' cannot be read: {e.Message}", e);
            }
        }
        return result;
    }

    /// <summary>Bytes of an element.</summary>
    public static int Size(TensorType type) => type switch
    {
        TensorType.F32 => 4,
        TensorType.F16 or TensorType.BF16 => 2,
        _ => 1,
    };
}
