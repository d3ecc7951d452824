using System.Text.Json;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Reads <c>quantization_config</c> of <c>config.json</c>.</summary>
internal static class QuantizationSection
{
    public const string Key = "quantization_config";

    public const string Method = "mka1";

    public static ModelConfig Read(JsonFile file, ModelConfig config)
    {
        if (file.Find(Key) is not { } section)
            return config;
        var method = JsonFile.Find(section, "quant_method");
        if (method is not { ValueKind: JsonValueKind.String } text || text.GetString() != Method)
            throw file.Error($"{Key}.quant_method", $"is {method?.GetRawText() ?? "missing"}; only \"{Method}\" is supported. Models of other methods can be quantized anew from their unquantized form: Mka1.Edge.ModelServer quantize.");
        if (JsonFile.Find(section, "bits") is not { ValueKind: JsonValueKind.Number } bits || !bits.TryGetInt32(out var count) || count is not (8 or 4))
            throw file.Error($"{Key}.bits", "must be 8 or 4.");
        if (JsonFile.Find(section, "sym") is not { ValueKind: JsonValueKind.True })
            throw file.Error($"{Key}.sym", "must be true: scales without zero points.");
        var group = JsonFile.Find(section, "group_size") is { } size ? file.Positive($"{Key}.group_size", size, 1 << 16) : 0;
        if (group < PackedWeights.Chunk || !int.IsPow2(group))
            throw file.Error($"{Key}.group_size", $"is {group}; expected a power of two from {PackedWeights.Chunk} on.");
        return config with { QuantizationBits = count, QuantizationGroupSize = group, RoundedActivations = ReadActivations(file, section) };
    }

    private static bool ReadActivations(JsonFile file, JsonElement section)
    {
        if (JsonFile.Find(section, "activations") is not { } activations)
            return true;
        return (activations.ValueKind == JsonValueKind.String ? activations.GetString() : null) switch
        {
            "int8" => true,
            "float" => false,
            _ => throw file.Error($"{Key}.activations", $"is {activations.GetRawText()}; expected \"int8\" or \"float\"."),
        };
    }
}
