using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Torch.Layers;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Weights;

/// <summary>Builds a transformer on a device from its tensors, by the names of its family.</summary>
internal sealed class TransformerLoader(ITensorSource source, ModelConfig config, ModelFamily family, TorchDevice device)
{
    /// <param name="pageCount">Pages of the cache.</param>
    /// <param name="pageSize">Positions in a page.</param>
    public Transformer Load(int pageCount, int pageSize)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var rotation = new Rotation(new RotaryTable(config), config.ContextWindow, config.HeadSize, device.Device);
        var embedding = Read(config.HiddenSize, bias: false, ("model.embed_tokens", config.VocabularySize));
        var blocks = new TransformerBlock[config.Layers];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = ReadBlock(i, rotation, new KeyValuePages(pageCount, config.KeyValueHeads, pageSize, config.HeadSize, device));
        var norm = ReadNorm("model.norm", config.HiddenSize);
        var output = config.TiedEmbeddings ? embedding : Read(config.HiddenSize, bias: false, ("lm_head", config.VocabularySize));
        return new Transformer(rotation, embedding, blocks, norm, output);
    }

    private TransformerBlock ReadBlock(int layer, Rotation rotation, KeyValuePages pages)
    {
        var prefix = $"model.layers.{layer}";
        return new TransformerBlock(
            ReadNorm($"{prefix}.input_layernorm", config.HiddenSize),
            ReadAttention($"{prefix}.self_attn", rotation, pages),
            ReadNorm($"{prefix}.post_attention_layernorm", config.HiddenSize),
            ReadFeedForward(prefix, layer));
    }

    private Attention ReadAttention(string prefix, Rotation rotation, KeyValuePages pages)
    {
        var (queries, keys) = (config.Heads * config.HeadSize, config.KeyValueHeads * config.HeadSize);
        return new Attention(
            config,
            rotation,
            Read(config.HiddenSize, config.AttentionInputBias, ($"{prefix}.q_proj", queries), ($"{prefix}.k_proj", keys), ($"{prefix}.v_proj", keys)),
            Read(queries, config.AttentionOutputBias, ($"{prefix}.o_proj", config.HiddenSize)),
            config.QueryKeyNorm ? ReadNorm($"{prefix}.q_norm", config.HeadSize) : null,
            config.QueryKeyNorm ? ReadNorm($"{prefix}.k_norm", config.HeadSize) : null,
            pages);
    }

    private FeedForwardLayer ReadFeedForward(string prefix, int layer)
    {
        if (!config.IsMixture(layer))
            return ReadSwiGlu($"{prefix}.mlp", ExpertNames.Dense, config.IntermediateSize);
        return family == ModelFamily.Mixtral
            ? ReadMixture($"{prefix}.block_sparse_moe", ExpertNames.Mixtral)
            : ReadMixture($"{prefix}.mlp", ExpertNames.Dense);
    }

    private MixtureLayer ReadMixture(string prefix, ExpertNames names)
    {
        var router = Read(config.HiddenSize, bias: false, ($"{prefix}.gate", config.Experts));
        var experts = new SwiGluLayer[config.Experts];
        for (var e = 0; e < experts.Length; e++)
            experts[e] = ReadSwiGlu($"{prefix}.experts.{e}", names, config.ExpertIntermediateSize);
        var shared = config.SharedExpertIntermediateSize == 0
            ? null
            : new SharedExpert(
                ReadSwiGlu($"{prefix}.shared_expert", names, config.SharedExpertIntermediateSize),
                Read(config.HiddenSize, bias: false, ($"{prefix}.shared_expert_gate", 1)));
        return new MixtureLayer(device, router, experts, shared, config.ExpertsPerToken, config.NormalizeExpertWeights);
    }

    private SwiGluLayer ReadSwiGlu(string prefix, ExpertNames names, int width) => new(
        Read(config.HiddenSize, config.FeedForwardBias, ($"{prefix}.{names.Gate}", width), ($"{prefix}.{names.Up}", width)),
        Read(width, config.FeedForwardBias, ($"{prefix}.{names.Down}", config.HiddenSize)),
        width);

    private RmsNorm ReadNorm(string name, int size)
    {
        using var stored = source.Read(name + ".weight", size);
        return new RmsNorm(Keep(stored.to(ScalarType.Float32, device.Device, copy: true)), config.NormEpsilon);
    }

    // Matrices that read the same input become one, row below row: a large product is faster than three small ones.
    private DeviceMatrix Read(int inputs, bool bias, params (string Name, int Outputs)[] parts)
    {
        using var scope = NewDisposeScope();
        var weights = parts.Select(part => source.Read(part.Name + ".weight", part.Outputs, inputs)).ToList();
        var added = bias ? Keep(Join(parts.Select(part => source.Read(part.Name + ".bias", part.Outputs)), device.Type)) : null;
        if (weights.TrueForAll(weight => !IsPacked(weight)))
            return new FloatMatrix(Keep(Join(weights, device.Type)), added);

        var group = config.QuantizationGroupSize;
        if (group == 0 || weights.Exists(weight => weight.dtype != weights[0].dtype))
            throw new Inference.Weights.ModelFormatException(parts[0].Name, "is quantized where config.json or its neighbours are not.");
        if (!Kernels.PackedWeights.Fits(group, inputs))
            throw new Inference.Weights.ModelFormatException(parts[0].Name, $"has rows of {inputs}, which are not whole groups of {group} and blocks of {Kernels.PackedWeights.Block}; it must not be quantized.");
        var scales = parts.Select(part => source.Read(part.Name + ".weight_scale", part.Outputs, inputs / group));
        return new PackedMatrix(Keep(Join(weights, weights[0].dtype)), Keep(Join(scales, device.Type)), added);
    }

    private Tensor Join(IEnumerable<Tensor> parts, ScalarType type) => cat([.. parts.Select(part => part.to(type, device.Device))], 0);

    private static bool IsPacked(Tensor weight) => weight.dtype is ScalarType.Int8 or ScalarType.Byte;

    private static Tensor Keep(Tensor tensor) => tensor.DetachFromDisposeScope();
}
