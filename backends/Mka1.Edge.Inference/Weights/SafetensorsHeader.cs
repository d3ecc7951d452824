using System.Text.Json;

namespace Mka1.Edge.Inference.Weights;

/// <summary>
/// Parses and checks the header of a safetensors file: eight bytes of length, that much JSON, then the data, in which
/// tensors follow each other without gap or overlap. https://github.com/huggingface/safetensors#format
/// </summary>
internal static class SafetensorsHeader
{
    // The format's own bound.
    private const long MaxHeaderBytes = 100_000_000;

    public static (Dictionary<string, TensorInfo> Tensors, long DataStart) Read(string path, Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
            throw new ModelFormatException(path, $"is {stream.Length} bytes long: too short for a safetensors header.");
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            throw new ModelFormatException(path, $"says its header is {length} bytes long; at most {MaxHeaderBytes} are allowed. Is this a safetensors file?");
        if (8 + (long)length > stream.Length)
            throw new ModelFormatException(path, $"is truncated: the header needs {8 + length} bytes, the file has {stream.Length}.");

        var json = new byte[length];
        stream.ReadExactly(json);
        var tensors = Parse(path, json);
        CheckLayout(path, tensors.Values, stream.Length - 8 - (long)length);
        return (tensors, 8 + (long)length);
    }

    private static Dictionary<string, TensorInfo> Parse(string path, byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelFormatException(path, "has a header that is not a JSON object.");
            var tensors = new Dictionary<string, TensorInfo>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name != "__metadata__")
                    tensors.Add(property.Name, ParseTensor(path, property));
            }
            return tensors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(path, "has a header that is not valid JSON.", e);
        }
    }

    private static TensorInfo ParseTensor(string path, JsonProperty property)
    {
        var value = property.Value;
        if (value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("dtype", out var type) && type.ValueKind == JsonValueKind.String
            && value.TryGetProperty("shape", out var shape) && TryReadSizes(shape, out var sizes)
            && value.TryGetProperty("data_offsets", out var offsets) && TryReadSizes(offsets, out var range)
            && range.Length == 2)
        {
            return new TensorInfo(property.Name, type.GetString()!, sizes, range[0], range[1]);
        }
        throw new ModelFormatException(path, $"tensor '{property.Name}' lacks a proper dtype, shape or data_offsets.");
    }

    private static bool TryReadSizes(JsonElement array, out long[] sizes)
    {
        sizes = [];
        if (array.ValueKind != JsonValueKind.Array)
            return false;
        var result = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var size) || size < 0)
                return false;
            result[i++] = size;
        }
        sizes = result;
        return true;
    }

    private static void CheckLayout(string path, IEnumerable<TensorInfo> tensors, long dataBytes)
    {
        long position = 0;
        foreach (var tensor in tensors.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (tensor.Begin > tensor.End)
                throw new ModelFormatException(path, $"tensor '{tensor.Name}' ends before it begins.");
            if (tensor.Begin < position)
                throw new ModelFormatException(path, $"tensor '{tensor.Name}' overlaps the tensor before it (offset {tensor.Begin}, expected {position}).");
            if (tensor.Begin > position)
                throw new ModelFormatException(path, $"there is a gap before tensor '{tensor.Name}' (offset {tensor.Begin}, expected {position}).");
            if (tensor.End > dataBytes)
                throw new ModelFormatException(path, $"is truncated: tensor '{tensor.Name}' ends at byte {tensor.End} of the data, the file has {dataBytes}.");
            position = tensor.End;
        }
        if (position != dataBytes)
            throw new ModelFormatException(path, $"has {dataBytes - position} bytes that belong to no tensor.");
    }
}
