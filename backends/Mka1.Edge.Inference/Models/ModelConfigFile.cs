using System.Text.Json;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Reads <c>config.json</c> and refuses every setting that would change the result but is not implemented.</summary>
internal static class ModelConfigFile
{
    // Bounds that keep buffer sizes far from overflow; the largest open models are well below.
    private const int MaxWidth = 1 << 17;
    private const int MaxContext = 1 << 20;

    public static (ModelConfig Config, ModelFamily Family) Read(string directory)
    {
        using var file = JsonFile.Open(directory, "config.json");
        var family = ReadFamily(file);
        CheckVariations(file);

        var hidden = file.Positive("hidden_size", MaxWidth);
        var heads = file.Positive("num_attention_heads", MaxWidth);
        var config = new ModelConfig
        {
            ContextWindow = file.Positive("max_position_embeddings", MaxContext),
            VocabularySize = file.Positive("vocab_size", 1 << 24),
            HiddenSize = hidden,
            IntermediateSize = file.Positive("intermediate_size", 1 << 20),
            Layers = file.Positive("num_hidden_layers", 1024),
            Heads = heads,
            KeyValueHeads = file.Find("num_key_value_heads") is { } kv ? file.Positive("num_key_value_heads", kv, heads) : heads,
            HeadSize = file.Find("head_dim") is { } head ? file.Positive("head_dim", head, 1024) : hidden / heads,
            NormEpsilon = (float)file.PositiveReal("rms_norm_eps", file.Require("rms_norm_eps")),
            RopeTheta = ReadRopeTheta(file),
            TiedEmbeddings = file.Flag("tie_word_embeddings", false),
            Experts = family == ModelFamily.Mixtral ? file.Positive("num_local_experts", 1024) : 0,
            ExpertsPerToken = family == ModelFamily.Mixtral ? file.Positive("num_experts_per_tok", 1024) : 0,
            QuantizationGroupSize = ReadGroupSize(file),
        };

        if (config.Heads % config.KeyValueHeads != 0)
            throw file.Error("num_key_value_heads", $"is {config.KeyValueHeads}, which does not divide the {config.Heads} attention heads.");
        if (config.HeadSize == 0 || config.HeadSize % 2 != 0)
            throw file.Error("head_dim", $"is {config.HeadSize}; rotary embedding needs an even, positive size.");
        if (config.ExpertsPerToken > config.Experts)
            throw file.Error("num_experts_per_tok", $"is {config.ExpertsPerToken}, more than the {config.Experts} experts there are.");
        if (file.Find("sliding_window") is { } window && file.Positive("sliding_window", window) < config.ContextWindow)
            throw file.Error("sliding_window", "is below max_position_embeddings; sliding-window attention is not supported.");
        if (config.QuantizationGroupSize > 0 && (config.HiddenSize % config.QuantizationGroupSize != 0 || config.IntermediateSize % config.QuantizationGroupSize != 0 || config.Heads * config.HeadSize % config.QuantizationGroupSize != 0))
            throw file.Error("quantization_config.group_size", $"is {config.QuantizationGroupSize}, which does not divide hidden_size, intermediate_size and heads x head_dim.");
        return (config, family);
    }

    private static ModelFamily ReadFamily(JsonFile file)
    {
        var architectures = file.Require("architectures");
        var name = architectures is { ValueKind: JsonValueKind.Array } && architectures.GetArrayLength() == 1 && architectures[0].ValueKind == JsonValueKind.String
            ? architectures[0].GetString()
            : null;
        return name switch
        {
            "LlamaForCausalLM" => ModelFamily.Llama,
            "MixtralForCausalLM" => ModelFamily.Mixtral,
            _ => throw file.Error("architectures", $"is {architectures.GetRawText()}; supported are LlamaForCausalLM and MixtralForCausalLM."),
        };
    }

    private static void CheckVariations(JsonFile file)
    {
        if ((file.Text("hidden_act") ?? "silu") != "silu")
            throw file.Error("hidden_act", $"is '{file.Text("hidden_act")}'; only silu is supported.");
        foreach (var key in new[] { "attention_bias", "mlp_bias" })
        {
            if (file.Flag(key, false))
                throw file.Error(key, "is true; biases are not supported.");
        }
        if (file.Find("rope_scaling") is { } scaling && RopeType(scaling) != "default")
            throw file.Error("rope_scaling", $"is {scaling.GetRawText()}; only plain rotary embedding is supported.");
        if (file.Find("rope_parameters") is { } parameters && RopeType(parameters) != "default")
            throw file.Error("rope_parameters", $"is {parameters.GetRawText()}; only rope_type default is supported.");
    }

    private static string? RopeType(JsonElement value) =>
        (JsonFile.Find(value, "rope_type") ?? JsonFile.Find(value, "type")) is { ValueKind: JsonValueKind.String } type ? type.GetString() : "default";

    private static double ReadRopeTheta(JsonFile file)
    {
        // Older versions of transformers write rope_theta at the top, newer ones inside rope_parameters.
        var value = file.Find("rope_theta") ?? (file.Find("rope_parameters") is { } parameters ? JsonFile.Find(parameters, "rope_theta") : null);
        return value is { } theta ? file.PositiveReal("rope_theta", theta) : 10000;
    }

    private static int ReadGroupSize(JsonFile file)
    {
        if (file.Find("quantization_config") is not { } quantization)
            return 0;
        var method = JsonFile.Find(quantization, "quant_method");
        if (method is not { ValueKind: JsonValueKind.String } text || text.GetString() != "mka1")
            throw file.Error("quantization_config.quant_method", $"is {method?.GetRawText() ?? "missing"}; only \"mka1\" is supported.");
        if (JsonFile.Find(quantization, "bits") is not { ValueKind: JsonValueKind.Number } bits || !bits.TryGetInt32(out var count) || count != 8)
            throw file.Error("quantization_config.bits", "must be 8.");
        if (JsonFile.Find(quantization, "sym") is not { ValueKind: JsonValueKind.True })
            throw file.Error("quantization_config.sym", "must be true: scales without zero points.");
        var group = JsonFile.Find(quantization, "group_size") is { } size ? file.Positive("quantization_config.group_size", size, 1 << 16) : 0;
        return group >= Int8Rows.MinGroup && int.IsPow2(group)
            ? group
            : throw file.Error("quantization_config.group_size", $"is {group}; expected a power of two from {Int8Rows.MinGroup} on.");
    }
}
