using System.Text.Json;

namespace Mka1.Edge.Inference.Weights;

/// <summary>Which shard holds which tensor: <c>model.safetensors.index.json</c>.</summary>
internal sealed class SafetensorsIndex
{
    public const string FileName = "model.safetensors.index.json";

    private readonly string _path;
    private readonly Dictionary<string, string> _shardOf = new(StringComparer.Ordinal);

    private SafetensorsIndex(JsonFile file)
    {
        _path = file.Path;
        if (file.Require("weight_map") is not { ValueKind: JsonValueKind.Object } map)
            throw file.Error("weight_map", "is not an object.");
        foreach (var entry in map.EnumerateObject())
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (!IsPlainName(shard))
                throw file.Error("weight_map", $"puts '{entry.Name}' into {entry.Value.GetRawText()}; expected the name of a .safetensors file in the same directory.");
            _shardOf.Add(entry.Name, shard);
        }
        if (_shardOf.Count == 0)
            throw file.Error("weight_map", "is empty.");
    }

    /// <summary>The names of all shards, each once.</summary>
    public IEnumerable<string> Shards => _shardOf.Values.Distinct(StringComparer.Ordinal);

    /// <summary>The index of a directory, or null when there is none.</summary>
    public static SafetensorsIndex? TryRead(string directory)
    {
        if (!File.Exists(Path.Combine(directory, FileName)))
            return null;
        using var file = JsonFile.Open(directory, FileName);
        return new SafetensorsIndex(file);
    }

    public string ShardOf(string tensor) =>
        _shardOf.TryGetValue(tensor, out var shard) ? shard : throw new ModelFormatException(_path, $"'weight_map' lacks tensor '{tensor}'.");

    // A model's files come from elsewhere: they may not point out of their directory.
    private static bool IsPlainName(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0 && name[0] != '.' && !name.Contains(':', StringComparison.Ordinal);
}
