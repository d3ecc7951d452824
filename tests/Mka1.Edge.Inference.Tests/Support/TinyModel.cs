using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Models;

namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>Writes a model directory with random weights, and keeps the same weights as plain floats for a reference computation.</summary>
internal sealed class TinyModel
{
    private readonly Random _random;
    private readonly SafetensorsWriter _writer = new();
    private readonly string _type;

    private TinyModel(string type, int seed)
    {
        _type = type;
        _random = new Random(seed);
    }

    /// <summary>Weights by name (without ".weight"), as the floats the stored form stands for.</summary>
    public Dictionary<string, float[]> Weights { get; } = [];

    public int Vocabulary { get; private init; } = TinyTokenizer.Size;

    public int Hidden { get; private init; } = 64;

    public int Intermediate { get; private init; } = 128;

    public int Layers { get; private init; } = 2;

    public int Heads { get; private init; } = 4;

    public int KeyValueHeads { get; private init; } = 2;

    public int HeadSize { get; private init; } = 16;

    public int Window { get; private init; } = 256;

    public int Experts { get; private init; }

    public int ExpertsPerToken => Experts > 0 ? 2 : 0;

    public bool Tied { get; private init; } = true;

    public static TinyModel DenseF32(int seed = 1) => new("F32", seed);

    /// <summary>Sizes that are no multiple of a vector, to reach every tail of every loop; output matrix of its own.</summary>
    public static TinyModel DenseOddBF16(int seed = 2) =>
        new("BF16", seed) { Hidden = 42, Intermediate = 55, Heads = 3, KeyValueHeads = 1, HeadSize = 10, Tied = false };

    public static TinyModel DenseF16(int seed = 3) => new("F16", seed);

    public static TinyModel Moe(int seed = 4) => new("BF16", seed) { Experts = 4, Intermediate = 48 };

    public static TinyModel Int8(int seed = 5) => new("I8", seed);

    public LanguageModel Load(ModelLoadOptions? options = null)
    {
        using var folder = new TempFolder();
        Write(folder.Path);
        return LanguageModel.Load(folder.Path, options);
    }

    /// <summary>Writes all files, config.json after an optional change.</summary>
    public void Write(string directory, Action<JsonObject>? change = null)
    {
        TinyTokenizer.Write(directory);
        var config = Config();
        change?.Invoke(config);
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString());

        AddMatrix("model.embed_tokens", Vocabulary, Hidden, 1f);
        for (var i = 0; i < Layers; i++)
            AddLayer($"model.layers.{i}");
        AddNorm("model.norm");
        if (!Tied)
            AddMatrix("lm_head", Vocabulary, Hidden, 1f);
        _writer.Save(Path.Combine(directory, "model.safetensors"));
    }

    private JsonObject Config()
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(Experts > 0 ? "MixtralForCausalLM" : "LlamaForCausalLM"),
            ["hidden_act"] = "silu",
            ["hidden_size"] = Hidden,
            ["intermediate_size"] = Intermediate,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["num_key_value_heads"] = KeyValueHeads,
            ["head_dim"] = HeadSize,
            ["max_position_embeddings"] = Window,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["vocab_size"] = Vocabulary,
            ["tie_word_embeddings"] = Tied,
        };
        if (Experts > 0)
        {
            config["num_local_experts"] = Experts;
            config["num_experts_per_tok"] = ExpertsPerToken;
        }
        if (_type == "I8")
            config["quantization_config"] = new JsonObject { ["quant_method"] = "mka1", ["bits"] = 8, ["group_size"] = 64, ["sym"] = true };
        return config;
    }

    private void AddLayer(string prefix)
    {
        AddNorm($"{prefix}.input_layernorm");
        AddMatrix($"{prefix}.self_attn.q_proj", Heads * HeadSize, Hidden);
        AddMatrix($"{prefix}.self_attn.k_proj", KeyValueHeads * HeadSize, Hidden);
        AddMatrix($"{prefix}.self_attn.v_proj", KeyValueHeads * HeadSize, Hidden);
        AddMatrix($"{prefix}.self_attn.o_proj", Hidden, Heads * HeadSize);
        AddNorm($"{prefix}.post_attention_layernorm");
        if (Experts == 0)
        {
            AddMatrix($"{prefix}.mlp.gate_proj", Intermediate, Hidden);
            AddMatrix($"{prefix}.mlp.up_proj", Intermediate, Hidden);
            AddMatrix($"{prefix}.mlp.down_proj", Hidden, Intermediate);
            return;
        }
        AddMatrix($"{prefix}.block_sparse_moe.gate", Experts, Hidden, 1f);
        for (var e = 0; e < Experts; e++)
        {
            AddMatrix($"{prefix}.block_sparse_moe.experts.{e}.w1", Intermediate, Hidden);
            AddMatrix($"{prefix}.block_sparse_moe.experts.{e}.w2", Hidden, Intermediate);
            AddMatrix($"{prefix}.block_sparse_moe.experts.{e}.w3", Intermediate, Hidden);
        }
    }

    private void AddNorm(string name)
    {
        var values = Enumerable.Range(0, Hidden).Select(_ => 1 + (0.2f * Gauss())).ToArray();
        Weights[name] = values;
        _writer.Add(name + ".weight", "F32", [Hidden], MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    private void AddMatrix(string name, int outputs, int inputs, float scale = 2f)
    {
        var values = new float[outputs * inputs];
        for (var i = 0; i < values.Length; i++)
            values[i] = scale * Gauss() / MathF.Sqrt(inputs);
        if (_type == "I8")
        {
            AddInt8(name, outputs, inputs, values);
            return;
        }

        byte[] bytes;
        switch (_type)
        {
            case "BF16":
                var upper = Array.ConvertAll(values, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16));
                bytes = MemoryMarshal.AsBytes<ushort>(upper).ToArray();
                Weights[name] = Array.ConvertAll(upper, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
                break;
            case "F16":
                var halves = Array.ConvertAll(values, v => (Half)v);
                bytes = MemoryMarshal.AsBytes<Half>(halves).ToArray();
                Weights[name] = Array.ConvertAll(halves, h => (float)h);
                break;
            default:
                bytes = MemoryMarshal.AsBytes<float>(values).ToArray();
                Weights[name] = values;
                break;
        }
        _writer.Add(name + ".weight", _type, [outputs, inputs], bytes);
    }

    private void AddInt8(string name, int outputs, int inputs, float[] values)
    {
        const int Group = 64;
        var bytes = new byte[values.Length];
        var scales = new float[values.Length / Group];
        for (var g = 0; g < scales.Length; g++)
        {
            var group = values.AsSpan(g * Group, Group);
            scales[g] = System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(group) is var max && max < 0 ? -max / 127 : max / 127;
            for (var i = 0; i < Group; i++)
            {
                var rounded = (sbyte)MathF.Round(group[i] / scales[g]);
                bytes[(g * Group) + i] = (byte)rounded;
                group[i] = rounded * scales[g];
            }
        }
        Weights[name] = values;
        _writer.Add(name + ".weight", "I8", [outputs, inputs], bytes);
        _writer.Add(name + ".weight_scale", "F32", [outputs, inputs / Group], MemoryMarshal.AsBytes<float>(scales).ToArray());
    }

    private float Gauss()
    {
        var u = 1 - _random.NextDouble();
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * _random.NextDouble()));
    }
}
