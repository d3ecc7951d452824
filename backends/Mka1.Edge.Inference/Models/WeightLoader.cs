using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Builds a transformer from the files of a directory, by the tensor names of its family.</summary>
/// <remarks>Matrices are used as they lie in the file, mapped into memory; only F16 is copied, widened to F32.</remarks>
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
        if (file.Has(weight, TensorType.U8))
            return ReadPacked(name, TensorType.U8, 4, outputs, inputs);
        return file.Require(weight, outputs, inputs) switch
        {
            TensorType.F32 => Matrices.Float32(file.Map(weight, TensorType.F32, outputs, inputs), outputs, inputs),
            TensorType.BF16 => Matrices.BFloat16(file.Map(weight, TensorType.BF16, outputs, inputs), outputs, inputs),
            TensorType.I8 => ReadPacked(name, TensorType.I8, 8, outputs, inputs),
            _ => Matrices.Float32(WeightMemory.Of<float>(file.ReadFloats(weight, outputs, inputs)), outputs, inputs),
        };
    }

    private Matrix ReadPacked(string name, TensorType type, int bits, int outputs, int inputs)
    {
        var (weight, scale) = (name + ".weight", name + ".weight_scale");
        var file = files.Holding(weight);
        var group = config.QuantizationGroupSize;
        if (group == 0)
            throw new ModelFormatException(file.Path, $"tensor '{weight}' is {type}, but config.json has no quantization_config.");
        if (!PackedWeights.Fits(group, inputs))
            throw new ModelFormatException(file.Path, $"tensor '{weight}' has rows of {inputs}, which are not whole groups of {group} and blocks of {PackedWeights.Block}; such a tensor must not be quantized.");
        var packed = new PackedWeights(
            file.Map(weight, type, outputs, inputs * bits / 8),
            files.Holding(scale).Map(scale, TensorType.F32, outputs, inputs / group),
            bits, group, outputs, inputs);
        return config.RoundedActivations ? Matrices.Integer(packed) : Matrices.WeightOnly(packed);
    }
}
