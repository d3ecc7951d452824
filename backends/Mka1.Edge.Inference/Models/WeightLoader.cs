using System.Numerics;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Builds a transformer from <c>model.safetensors</c>, by the tensor names of its family.</summary>
/// <remarks>BF16 and I8 stay as they are in memory; F16 is widened to F32.</remarks>
internal sealed class WeightLoader(SafetensorsFile file, ModelConfig config, ModelFamily family)
{
    public static TransformerWeights Load(string directory, ModelConfig config, ModelFamily family)
    {
        using var file = SafetensorsFile.Open(Path.Combine(directory, "model.safetensors"));
        return new WeightLoader(file, config, family).Load();
    }

    private TransformerWeights Load()
    {
        var embedding = ReadMatrix("model.embed_tokens", config.VocabularySize, config.HiddenSize);
        var layers = new TransformerLayer[config.Layers];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = ReadLayer($"model.layers.{i}");
        return new TransformerWeights(
            config,
            embedding,
            layers,
            ReadNorm("model.norm"),
            config.TiedEmbeddings ? embedding : ReadMatrix("lm_head", config.VocabularySize, config.HiddenSize),
            new RotaryTable(config.HeadSize, config.RopeTheta, config.ContextWindow));
    }

    private TransformerLayer ReadLayer(string prefix)
    {
        var attention = config.Heads * config.HeadSize;
        var keyValue = config.KeyValueHeads * config.HeadSize;
        return new TransformerLayer(
            ReadNorm($"{prefix}.input_layernorm"),
            ReadMatrix($"{prefix}.self_attn.q_proj", attention, config.HiddenSize),
            ReadMatrix($"{prefix}.self_attn.k_proj", keyValue, config.HiddenSize),
            ReadMatrix($"{prefix}.self_attn.v_proj", keyValue, config.HiddenSize),
            ReadMatrix($"{prefix}.self_attn.o_proj", config.HiddenSize, attention),
            ReadNorm($"{prefix}.post_attention_layernorm"),
            family == ModelFamily.Llama
                ? ReadSwiGlu($"{prefix}.mlp.gate_proj", $"{prefix}.mlp.up_proj", $"{prefix}.mlp.down_proj")
                : ReadMixture($"{prefix}.block_sparse_moe"));
    }

    private FeedForward.Mixture ReadMixture(string prefix)
    {
        var experts = new FeedForward.SwiGlu[config.Experts];
        for (var e = 0; e < experts.Length; e++)
            experts[e] = ReadSwiGlu($"{prefix}.experts.{e}.w1", $"{prefix}.experts.{e}.w3", $"{prefix}.experts.{e}.w2");
        return new FeedForward.Mixture(ReadMatrix($"{prefix}.gate", config.Experts, config.HiddenSize), experts);
    }

    private FeedForward.SwiGlu ReadSwiGlu(string gate, string up, string down) => new(
        ReadMatrix(gate, config.IntermediateSize, config.HiddenSize),
        ReadMatrix(up, config.IntermediateSize, config.HiddenSize),
        ReadMatrix(down, config.HiddenSize, config.IntermediateSize));

    private float[] ReadNorm(string name) => file.ReadFloats(name + ".weight", config.HiddenSize);

    private Matrix ReadMatrix(string name, int outputs, int inputs)
    {
        var weight = name + ".weight";
        switch (file.Require(weight, outputs, inputs))
        {
            case TensorType.BF16:
                return new MatrixOf<BFloat16Rows>(new BFloat16Rows(file.ReadBFloat16(weight, outputs, inputs)), outputs, inputs);
            case TensorType.I8:
                var group = config.QuantizationGroupSize;
                if (group == 0)
                    throw new ModelFormatException(file.Path, $"tensor '{weight}' is I8, but config.json has no quantization_config.");
                var scales = file.ReadFloats(name + ".weight_scale", outputs, inputs / group);
                return new MatrixOf<Int8Rows>(new Int8Rows(file.ReadInt8(weight, outputs, inputs), scales, BitOperations.Log2((uint)group)), outputs, inputs);
            default:
                return new MatrixOf<Float32Rows>(new Float32Rows(file.ReadFloats(weight, outputs, inputs)), outputs, inputs);
        }
    }
}
