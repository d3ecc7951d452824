using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Mka1.Edge.InferenceBench.Models;

/// <summary>Writes a <see cref="RandomModel"/> as a Hugging Face directory with 32-bit floats, beside a tokenizer that is at hand.</summary>
internal static class ModelDirectory
{
    private static readonly string[] AttentionNames = ["q_proj", "k_proj", "v_proj", "o_proj"];
    private static readonly string[] FeedForwardNames = ["gate_proj", "up_proj", "down_proj"];

    /// <param name="model">What to write.</param>
    /// <param name="directory">Made when it is not there.</param>
    /// <param name="tokenizer">A model directory whose tokenizer is taken; its vocabulary may be smaller than the model's.</param>
    public static void Write(RandomModel model, string directory, string tokenizer)
    {
        Directory.CreateDirectory(directory);
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json", "generation_config.json" })
            File.Copy(Path.Combine(tokenizer, name), Path.Combine(directory, name), overwrite: true);
        File.WriteAllText(Path.Combine(directory, "config.json"), Config(model).ToJsonString());

        var tensors = Tensors(model).ToList();
        var header = new JsonObject();
        long position = 0;
        foreach (var (name, shape, _) in tensors)
        {
            var bytes = shape.Aggregate((long)sizeof(float), (product, size) => product * size);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(position, position + bytes),
            };
            position += bytes;
        }
        var json = header.ToJsonString();
        json += new string(' ', 64 - ((json.Length + sizeof(ulong)) % 64));
        using var stream = File.Create(Path.Combine(directory, "model.safetensors"));
        stream.Write(BitConverter.GetBytes((ulong)json.Length));
        stream.Write(Encoding.ASCII.GetBytes(json));
        foreach (var (_, _, values) in tensors)
            stream.Write(MemoryMarshal.AsBytes(values().AsSpan()));
    }

    private static IEnumerable<(string Name, int[] Shape, Func<float[]> Values)> Tensors(RandomModel model)
    {
        yield return ("model.embed_tokens.weight", [model.Vocabulary, model.Hidden], model.Embedding);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}";
            yield return ($"{prefix}.input_layernorm.weight", [model.Hidden], model.Norm);
            yield return ($"{prefix}.post_attention_layernorm.weight", [model.Hidden], model.Norm);
            foreach (var name in AttentionNames)
                yield return Matrix(model, layer, $"{prefix}.self_attn", name);
            foreach (var name in FeedForwardNames)
                yield return Matrix(model, layer, $"{prefix}.mlp", name);
        }
        yield return ("model.norm.weight", [model.Hidden], model.Norm);
    }

    private static (string Name, int[] Shape, Func<float[]> Values) Matrix(RandomModel model, int layer, string prefix, string name)
    {
        var (outputs, inputs) = model.Shape(name);
        return ($"{prefix}.{name}.weight", [outputs, inputs], () => model.Matrix(layer, name));
    }

    private static JsonObject Config(RandomModel model) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["hidden_act"] = "silu",
        ["hidden_size"] = model.Hidden,
        ["intermediate_size"] = model.Intermediate,
        ["num_hidden_layers"] = model.Layers,
        ["num_attention_heads"] = model.Heads,
        ["num_key_value_heads"] = model.Heads,
        ["max_position_embeddings"] = model.Window,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["vocab_size"] = model.Vocabulary,
        ["tie_word_embeddings"] = true,
    };
}
