using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tests.Models;

public sealed class ModelLoadTests
{
    [Fact]
    public void Parameters_and_memory_are_counted()
    {
        var tiny = TinyModel.Int8();
        var model = tiny.Load();
        var parameters = tiny.Weights.Values.Sum(weights => (long)weights.Length);
        Assert.Equal(parameters, model.ParameterCount);
        var norms = tiny.Weights.Where(weights => weights.Key.Contains("norm", StringComparison.Ordinal)).Sum(weights => (long)weights.Value.Length);
        Assert.Equal((parameters - norms) + ((parameters - norms) / 64 * 4) + (norms * 4), model.MemoryBytes);
    }

    [Fact]
    public void A_smaller_context_window_can_be_asked_for_but_not_a_larger_one()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path);
        Assert.Equal(100, LanguageModel.Load(folder.Path, new ModelLoadOptions { ContextWindow = 100 }).Config.ContextWindow);
        Assert.Equal(256, LanguageModel.Load(folder.Path, new ModelLoadOptions { ContextWindow = 1000 }).Config.ContextWindow);
    }

    [Fact]
    public void Newer_configurations_keep_rope_theta_in_rope_parameters()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path, config =>
        {
            config.Remove("rope_theta");
            config["rope_parameters"] = new JsonObject { ["rope_type"] = "default", ["rope_theta"] = 5000 };
        });
        Assert.Equal(5000, LanguageModel.Load(folder.Path).Config.RopeTheta);
    }

    [Fact]
    public void What_is_missing_or_not_supported_is_named()
    {
        AssertRefused("hidden_size", config => config.Remove("hidden_size"));
        AssertRefused("hidden_size", config => config["hidden_size"] = "64");
        AssertRefused("num_hidden_layers", config => config["num_hidden_layers"] = 0);
        AssertRefused("num_hidden_layers", config => config["num_hidden_layers"] = 1e9);
        AssertRefused("architectures", config => config["architectures"] = new JsonArray("GemmaForCausalLM"));
        AssertRefused("architectures", config => config["architectures"] = new JsonArray("0ForCausalLM"));
        AssertRefused("hidden_act", config => config["hidden_act"] = "gelu");
        AssertRefused("partial_rotary_factor", config => config["partial_rotary_factor"] = 0.5);
        AssertRefused("attn_logit_softcapping", config => config["attn_logit_softcapping"] = 50);
        AssertRefused("self_attn.q_proj.bias", config => config["attention_bias"] = true);
        AssertRefused("mlp.gate_proj.bias", config => config["mlp_bias"] = true);
        AssertRefused("attention_bias", config => (config["architectures"], config["attention_bias"]) = (new JsonArray("MistralForCausalLM"), true));
        AssertRefused("self_attn.q_norm.weight", config => config["architectures"] = new JsonArray("Qwen3ForCausalLM"));
        AssertRefused("sliding_window", config => config["sliding_window"] = 255);
        AssertRefused("sliding_window", config => (config["architectures"], config["sliding_window"], config["use_sliding_window"]) = (new JsonArray("Qwen2ForCausalLM"), 255, true));
        AssertRefused("sliding_window", config => (config["sliding_window"], config["layer_types"]) = (255, new JsonArray("full_attention", "sliding_attention")));
        AssertRefused("layer_types", config => config["layer_types"] = new JsonArray("linear_attention"));
        AssertRefused("num_key_value_heads", config => config["num_key_value_heads"] = 3);
        AssertRefused("head_dim", config => config["head_dim"] = 15);
        AssertRefused("rms_norm_eps", config => config["rms_norm_eps"] = -1);
        AssertRefused("quantization_config.bits", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "mka1", ["bits"] = 5, ["sym"] = true, ["group_size"] = 64 });
        AssertRefused("quant_method", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "gptq" });
        AssertRefused("group_size", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "mka1", ["bits"] = 8, ["sym"] = true, ["group_size"] = 48 });
        AssertRefused("activations", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "mka1", ["bits"] = 8, ["sym"] = true, ["group_size"] = 64, ["activations"] = "int4" });
        AssertRefused("vocab_size", config => config["vocab_size"] = 100);
        AssertRefused("model.layers.2.input_layernorm.weight", config => config["num_hidden_layers"] = 3);
        AssertRefused("self_attn.q_proj.weight", config => config["num_attention_heads"] = 8);
        AssertRefused("lm_head.weight", config => config["tie_word_embeddings"] = false);
        AssertRefused("block_sparse_moe.experts.0.w1.weight", config =>
        {
            config["architectures"] = new JsonArray("MixtralForCausalLM");
            config["num_local_experts"] = 4;
            config["num_experts_per_tok"] = 2;
        });
    }

    [Fact]
    public void Rotary_scaling_that_is_not_known_to_the_letter_is_refused()
    {
        AssertScaling("rope_scaling.rope_type", """{"rope_type":"longrope","factor":2}""");
        AssertScaling("rope_scaling.rope_type", """{"type":"mrope","mrope_section":[1,2]}""");
        AssertScaling("rope_scaling.mrope_section", """{"type":"default","mrope_section":[1,2]}""");
        AssertScaling("rope_scaling.factor", """{"rope_type":"linear"}""");
        AssertScaling("rope_scaling.factor", """{"rope_type":"linear","factor":0.5}""");
        AssertScaling("rope_scaling.short_factor", """{"rope_type":"yarn","factor":2,"short_factor":[1]}""");
        AssertScaling("rope_scaling.beta_fast", """{"rope_type":"yarn","factor":2,"beta_fast":1,"beta_slow":2}""");
        AssertScaling("rope_scaling.truncate", """{"rope_type":"yarn","factor":2,"truncate":1}""");
        AssertScaling("rope_scaling.low_freq_factor", """{"rope_type":"llama3","factor":2,"high_freq_factor":4,"original_max_position_embeddings":32}""");
        AssertScaling("rope_scaling.high_freq_factor", """{"rope_type":"llama3","factor":2,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":32}""");
        AssertScaling("rope_scaling.original_max_position_embeddings", """{"rope_type":"llama3","factor":2,"low_freq_factor":1,"high_freq_factor":4}""");
        AssertRefused("rope_parameters", config =>
        {
            config["rope_scaling"] = JsonNode.Parse("""{"rope_type":"linear","factor":2}""");
            config["rope_parameters"] = JsonNode.Parse("""{"rope_type":"linear","factor":3}""");
        });

        static void AssertScaling(string key, string json) => AssertRefused(key, config => config["rope_scaling"] = JsonNode.Parse(json));
    }

    [Fact]
    public void A_sliding_window_is_no_obstacle_when_the_context_window_ends_before_it()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path, config => (config["architectures"], config["sliding_window"]) = (new JsonArray("MistralForCausalLM"), 128));
        Assert.Equal(128, LanguageModel.Load(folder.Path, new ModelLoadOptions { ContextWindow = 128 }).Config.ContextWindow);
        Assert.Contains("128", Assert.Throws<ModelFormatException>(() => LanguageModel.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Yarn_widens_the_context_window_and_the_table_reaches_its_end()
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path, config => config["rope_scaling"] = JsonNode.Parse("""{"rope_type":"yarn","factor":64,"original_max_position_embeddings":256}"""));
        var model = LanguageModel.Load(folder.Path);
        Assert.Equal(256 * 64, model.Config.ContextWindow);
        var table = model.Weights.Rotary;
        foreach (var position in new[] { 0, 4095, 4096, (256 * 64) - 1 })
        {
            var expected = position * RotaryFrequencies.Of(16, 10000, model.Config.RopeScaling).Frequencies[3];
            Assert.Equal(MathF.Cos(expected) * (0.1f * MathF.Log(64) + 1), table.Cos(position)[3], 1e-6f);
        }
    }

    [Fact]
    public void Int8_weights_without_their_configuration_are_refused()
    {
        using var folder = new TempFolder();
        TinyModel.Int8().Write(folder.Path, config => config.Remove("quantization_config"));
        Assert.Contains("quantization_config", Assert.Throws<ModelFormatException>(() => LanguageModel.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("generation_config.json")]
    public void A_missing_or_empty_file_is_named(string name)
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path);
        File.WriteAllText(folder.File(name), "");
        Assert.Contains(name, Assert.Throws<ModelFormatException>(() => LanguageModel.Load(folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(folder.File(name));
        Assert.Contains(name, Assert.Throws<ModelFormatException>(() => LanguageModel.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_directory_is_named()
    {
        Assert.Contains("/no/such/model", Assert.Throws<ModelFormatException>(() => LanguageModel.Load("/no/such/model")).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string key, Action<JsonObject> change)
    {
        using var folder = new TempFolder();
        TinyModel.DenseF32().Write(folder.Path, change);
        var error = Assert.Throws<ModelFormatException>(() => LanguageModel.Load(folder.Path));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }
}
