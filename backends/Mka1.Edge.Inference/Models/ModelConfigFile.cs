using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Reads <c>config.json</c> and refuses every setting that would change the result but is not implemented.</summary>
internal static class ModelConfigFile
{
    // Bounds that keep buffer sizes far from overflow; the largest open models are well below.
    private const int MaxWidth = 1 << 17;
    private const int MaxContext = 1 << 20;

    // Settings of relatives of the supported families, which would change the result where they are set.
    private static readonly string[] Foreign =
    [
        "clip_qkv", "attn_logit_softcapping", "final_logit_softcapping", "query_pre_attn_scalar", "logit_scale", "logits_scaling",
        "embedding_multiplier", "residual_multiplier", "attention_multiplier", "no_rope_layers", "attention_chunk_size", "use_alibi", "text_config",
    ];

    /// <param name="directory">Holds the file.</param>
    /// <param name="contextWindow">An upper bound of the window; the model's own when null.</param>
    public static (ModelConfig Config, ModelFamily Family) Read(string directory, int? contextWindow = null)
    {
        using var file = JsonFile.Open(directory, "config.json");
        var family = ReadFamily(file);
        CheckVariations(file);

        var hidden = file.Positive("hidden_size", MaxWidth);
        var heads = file.Positive("num_attention_heads", MaxWidth);
        var layers = file.Positive("num_hidden_layers", 1024);
        var trained = file.Positive("max_position_embeddings", MaxContext);
        var theta = RopeScalingSection.ReadTheta(file, family);
        var scaling = RopeScalingSection.Read(file, trained);
        var config = new ModelConfig
        {
            ContextWindow = Math.Min(contextWindow ?? int.MaxValue, RopeScalingSection.Window(scaling, trained, MaxContext)),
            VocabularySize = file.Positive("vocab_size", 1 << 24),
            HiddenSize = hidden,
            IntermediateSize = file.Positive("intermediate_size", 1 << 20),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = file.Find("num_key_value_heads") is { } kv ? file.Positive("num_key_value_heads", kv, heads) : DefaultKeyValueHeads(file, family, heads),
            HeadSize = file.Find("head_dim") is { } head ? file.Positive("head_dim", head, 1024) : hidden / heads,
            NormEpsilon = (float)file.PositiveReal("rms_norm_eps", file.Require("rms_norm_eps")),
            RopeTheta = theta,
            RopeScaling = scaling,
            AttentionInputBias = HasInputBias(file, family),
            AttentionOutputBias = HasAttentionBias(file, family),
            FeedForwardBias = family == ModelFamily.Llama && file.Flag("mlp_bias", false),
            QueryKeyNorm = family is ModelFamily.Qwen3 or ModelFamily.Qwen3Moe,
            TiedEmbeddings = file.Flag("tie_word_embeddings", false),
        };
        config = QuantizationSection.Read(file, config);
        config = MixtureSection.Read(file, family, config);

        CheckShape(file, config);
        SlidingWindow.Check(file, family, config);
        return (config, family);
    }

    private static void CheckShape(JsonFile file, ModelConfig config)
    {
        if (config.Heads % config.KeyValueHeads != 0)
            throw file.Error("num_key_value_heads", $"is {config.KeyValueHeads}, which does not divide the {config.Heads} attention heads.");
        if (config.HeadSize == 0 || config.HeadSize % 2 != 0)
            throw file.Error("head_dim", $"is {config.HeadSize}; rotary embedding needs an even, positive size.");
    }

    private static ModelFamily ReadFamily(JsonFile file)
    {
        var architectures = file.Require("architectures");
        var name = architectures is { ValueKind: JsonValueKind.Array } && architectures.GetArrayLength() == 1 && architectures[0].ValueKind == JsonValueKind.String
            ? architectures[0].GetString()
            : null;
        const string Suffix = "ForCausalLM";
        if (name is not null && name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            foreach (var family in Enum.GetValues<ModelFamily>())
            {
                if (name.AsSpan(0, name.Length - Suffix.Length).SequenceEqual(family.ToString()))
                    return family;
            }
        }
        throw file.Error("architectures", $"is {architectures.GetRawText()}; supported are {string.Join(", ", Enum.GetNames<ModelFamily>().Select(family => family + Suffix))}.");
    }

    private static void CheckVariations(JsonFile file)
    {
        if ((file.Text("hidden_act") ?? "silu") is not ("silu" or "swish"))
            throw file.Error("hidden_act", $"is '{file.Text("hidden_act")}'; only silu is supported.");
        if (file.Find("partial_rotary_factor") is { } part && file.PositiveReal("partial_rotary_factor", part) != 1)
            throw file.Error("partial_rotary_factor", $"is {part.GetRawText()}; only heads that are rotated as a whole are supported.");
        foreach (var key in Foreign)
        {
            if (file.Find(key) is { } value && value.ValueKind != JsonValueKind.False)
                throw file.Error(key, $"is {value.GetRawText()}, which is not supported.");
        }
    }

    private static int DefaultKeyValueHeads(JsonFile file, ModelFamily family, int heads) =>
        family == ModelFamily.Llama ? heads : throw file.Error("num_key_value_heads", "is missing.");

    // Qwen2 has these biases whatever its file says; in the others a key decides, where there is one.
    private static bool HasInputBias(JsonFile file, ModelFamily family) => family switch
    {
        ModelFamily.Qwen2 => true,
        ModelFamily.Qwen2Moe => file.Flag("qkv_bias", true),
        _ => HasAttentionBias(file, family),
    };

    private static bool HasAttentionBias(JsonFile file, ModelFamily family)
    {
        if (!file.Flag("attention_bias", false))
            return false;
        return family is ModelFamily.Llama or ModelFamily.Qwen3 or ModelFamily.Qwen3Moe
            ? true
            : throw file.Error("attention_bias", $"is true, which {family} models do not have.");
    }
}
