using System.Numerics;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Builds a transformer from the files of a directory, by the tensor names of its family.</summary>
/// <remarks>BF16 and I8 stay as they are in memory; F16 is widened to F32.</remarks>
internal sealed class WeightLoader(WeightFiles files, ModelConfig config, ModelFamily family)
{
    public static TransformerWeights Load(string directory, ModelConfig config, ModelFamily family)
    {
        using var files = WeightFiles.Open(directory);
        var weights = new WeightLoader(files, config, family).Load();
        files.CheckAllRead(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (config.TiedEmbeddings && name.StartsWith("lm_head.", StringComparison.Ordinal)));
        return weights;
    }

    private TransformerWeights Load()
    {
        var embedding = ReadMatrix("model.embed_tokens", config.VocabularySize, config.HiddenSize);
        var layers = new TransformerLayer[config.Layers];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = ReadLayer($"model.layers.{i}", i);
        return new TransformerWeights(
            config,
            embedding,
            layers,
            ReadNorm("model.norm", config.HiddenSize),
            config.TiedEmbeddings ? embedding : ReadMatrix("lm_head", config.VocabularySize, config.HiddenSize),
            new RotaryTable(config));
    }

    private TransformerLayer ReadLayer(string prefix, int layer)
    {
        var attention = config.Heads * config.HeadSize;
        var keyValue = config.KeyValueHeads * config.HeadSize;
        return new TransformerLayer(
            ReadNorm($"{prefix}.input_layernorm", config.HiddenSize),
            ReadProjection($"{prefix}.self_attn.q_proj", attention, config.HiddenSize, config.AttentionInputBias),
            ReadProjection($"{prefix}.self_attn.k_proj", keyValue, config.HiddenSize, config.AttentionInputBias),
            ReadProjection($"{prefix}.self_attn.v_proj", keyValue, config.HiddenSize, config.AttentionInputBias),
            ReadProjection($"{prefix}.self_attn.o_proj", config.HiddenSize, attention, config.AttentionOutputBias),
            config.QueryKeyNorm ? ReadNorm($"{prefix}.self_attn.q_norm", config.HeadSize) : null,
            config.QueryKeyNorm ? ReadNorm($"{prefix}.self_attn.k_norm", config.HeadSize) : null,
            ReadNorm($"{prefix}.post_attention_layernorm", config.HiddenSize),
            ReadFeedForward(prefix, layer));
    }

    private FeedForward ReadFeedForward(string prefix, int layer)
    {
        if (!config.IsMixture(layer))
            return ReadSwiGlu($"{prefix}.mlp", ExpertNames.Dense, config.IntermediateSize);
        return family == ModelFamily.Mixtral
            ? ReadMixture($"{prefix}.block_sparse_moe", ExpertNames.Mixtral)
            : ReadMixture($"{prefix}.mlp", ExpertNames.Dense);
    }

    private FeedForward.Mixture ReadMixture(string prefix, ExpertNames names)
    {
        var experts = new FeedForward.SwiGlu[config.Experts];
        for (var e = 0; e < experts.Length; e++)
            experts[e] = ReadSwiGlu($"{prefix}.experts.{e}", names, config.ExpertIntermediateSize);
        var shared = config.SharedExpertIntermediateSize == 0
            ? null
            : new FeedForward.SharedExpert(
                ReadSwiGlu($"{prefix}.shared_expert", names, config.SharedExpertIntermediateSize),
                ReadMatrix($"{prefix}.shared_expert_gate", 1, config.HiddenSize));
        return new FeedForward.Mixture(ReadMatrix($"{prefix}.gate", config.Experts, config.HiddenSize), experts, shared);
    }

    private FeedForward.SwiGlu ReadSwiGlu(string prefix, ExpertNames names, int width) => new(
        ReadProjection($"{prefix}.{names.Gate}", width, config.HiddenSize, config.FeedForwardBias),
        ReadProjection($"{prefix}.{names.Up}", width, config.HiddenSize, config.FeedForwardBias),
        ReadProjection($"{prefix}.{names.Down}", config.HiddenSize, width, config.FeedForwardBias));

    private Projection ReadProjection(string name, int outputs, int inputs, bool bias) =>
        new(ReadMatrix(name, outputs, inputs), bias ? files.Holding(name + ".bias").ReadFloats(name + ".bias", outputs) : null);

    private float[] ReadNorm(string name, int size) => files.Holding(name + ".weight").ReadFloats(name + ".weight", size);

    private Matrix ReadMatrix(string name, int outputs, int inputs)
    {
        var weight = name + ".weight";
        var file = files.Holding(weight);
        switch (file.Require(weight, outputs, inputs))
        {
            case TensorType.BF16:
                return new MatrixOf<BFloat16Rows>(new BFloat16Rows(file.ReadBFloat16(weight, outputs, inputs)), outputs, inputs);
            case TensorType.I8:
                var group = config.QuantizationGroupSize;
                if (group == 0)
                    throw new ModelFormatException(file.Path, $"tensor '{weight}' is I8, but config.json has no quantization_config.");
                var scales = files.Holding(name + ".weight_scale").ReadFloats(name + ".weight_scale", outputs, inputs / group);
                return new MatrixOf<Int8Rows>(new Int8Rows(file.ReadInt8(weight, outputs, inputs), scales, BitOperations.Log2((uint)group)), outputs, inputs);
            default:
                return new MatrixOf<Float32Rows>(new Float32Rows(file.ReadFloats(weight, outputs, inputs)), outputs, inputs);
        }
    }
}
