using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>Writes safetensors files: proper ones by <see cref="Add"/>, broken ones by a header of the test's own.</summary>
internal sealed class SafetensorsWriter
{
    private readonly JsonObject _header = [];
    private readonly List<byte> _data = [];

    public void Add(string name, string type, long[] shape, byte[] bytes)
    {
        _header[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = JsonSerializer.SerializeToNode(shape),
            ["data_offsets"] = JsonSerializer.SerializeToNode(new[] { _data.Count, _data.Count + bytes.Length }),
        };
        _data.AddRange(bytes);
    }

    public void Save(string path) => Save(path, _header.ToJsonString(), [.. _data]);

    public static void Save(string path, string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data]);
    }
}
