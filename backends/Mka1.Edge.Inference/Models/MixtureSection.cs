using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>The keys of <c>config.json</c> that speak of experts.</summary>
internal static class MixtureSection
{
    private const int MaxExperts = 1024;

    public static ModelConfig Read(JsonFile file, ModelFamily family, ModelConfig config) => family switch
    {
        ModelFamily.Mixtral => Check(file, config with
        {
            Experts = ReadExperts(file, "num_local_experts", "num_experts"),
            ExpertsPerToken = file.Positive("num_experts_per_tok", MaxExperts),
            ExpertIntermediateSize = config.IntermediateSize,
        }),
        ModelFamily.Qwen2Moe or ModelFamily.Qwen3Moe => Check(file, config with
        {
            Experts = ReadExperts(file, "num_experts", "num_local_experts"),
            ExpertsPerToken = file.Positive("num_experts_per_tok", MaxExperts),
            ExpertIntermediateSize = file.Positive("moe_intermediate_size", 1 << 20),
            SharedExpertIntermediateSize = family == ModelFamily.Qwen2Moe ? file.Positive("shared_expert_intermediate_size", 1 << 20) : 0,
            NormalizeExpertWeights = file.Flag("norm_topk_prob", false),
            DenseLayers = ReadDenseLayers(file, config.Layers),
        }),
        _ => config,
    };

    // Each of the two families knows the other's name of this key as an alias.
    private static int ReadExperts(JsonFile file, string key, string alias) =>
        file.Find(key) is null && file.Find(alias) is not null ? file.Positive(alias, MaxExperts) : file.Positive(key, MaxExperts);

    private static HashSet<int> ReadDenseLayers(JsonFile file, int layers)
    {
        var step = file.Find("decoder_sparse_step") is { } value ? file.Positive("decoder_sparse_step", value) : 1;
        var dense = Enumerable.Range(0, layers).Where(layer => (layer + 1) % step != 0).ToHashSet();
        if (file.Find("mlp_only_layers") is not { } listed)
            return dense;
        if (listed.ValueKind != JsonValueKind.Array)
            throw file.Error("mlp_only_layers", $"is {listed.GetRawText()}; expected a list of layer numbers.");
        foreach (var layer in listed.EnumerateArray())
        {
            if (layer.ValueKind != JsonValueKind.Number || !layer.TryGetInt32(out var number) || number < 0 || number >= layers)
                throw file.Error("mlp_only_layers", $"lists {layer.GetRawText()}; layers are numbered from 0 to {layers - 1}.");
            dense.Add(number);
        }
        return dense;
    }

    private static ModelConfig Check(JsonFile file, ModelConfig config) => config.ExpertsPerToken <= config.Experts
        ? config
        : throw file.Error("num_experts_per_tok", $"is {config.ExpertsPerToken}, more than the {config.Experts} experts there are.");
}
