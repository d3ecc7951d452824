using System.Buffers.Binary;
using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Quantization;

/// <summary>Writes a safetensors file whose tensors are known by size before their data is: header first, then the data in the same order.</summary>
internal sealed class SafetensorsWriter : IDisposable
{
    // A cache line: vectors read from a mapped file do not straddle two.
    private const int Alignment = 64;

    private readonly FileStream _stream;

    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="tensors">Name, type and shape of each, in the order of the data.</param>
    public SafetensorsWriter(string path, IEnumerable<(string Name, TensorType Type, long[] Shape)> tensors)
    {
        var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            long position = 0;
            foreach (var (name, type, shape) in tensors)
            {
                writer.WriteStartObject(name);
                writer.WriteString("dtype", type.ToString());
                writer.WriteStartArray("shape");
                foreach (var size in shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(position);
                position += shape.Aggregate(1L, (product, size) => product * size) * SafetensorsFile.Size(type);
                writer.WriteNumberValue(position);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while ((json.Length + sizeof(ulong)) % Alignment != 0)
            json.WriteByte((byte)' ');

        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        _stream.Write(length);
        json.WriteTo(_stream);
    }

    /// <summary>The data of the next tensor, or a part of it.</summary>
    public void Write(ReadOnlySpan<byte> data) => _stream.Write(data);

    public void Dispose() => _stream.Dispose();
}
