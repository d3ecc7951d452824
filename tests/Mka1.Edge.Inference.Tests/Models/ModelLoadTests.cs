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
        AssertRefused("architectures", config => config["architectures"] = new JsonArray("Qwen2ForCausalLM"));
        AssertRefused("hidden_act", config => config["hidden_act"] = "gelu");
        AssertRefused("attention_bias", config => config["attention_bias"] = true);
        AssertRefused("rope_scaling", config => config["rope_scaling"] = new JsonObject { ["rope_type"] = "yarn" });
        AssertRefused("num_key_value_heads", config => config["num_key_value_heads"] = 3);
        AssertRefused("head_dim", config => config["head_dim"] = 15);
        AssertRefused("rms_norm_eps", config => config["rms_norm_eps"] = -1);
        AssertRefused("quantization_config.bits", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "mka1", ["bits"] = 4, ["sym"] = true, ["group_size"] = 64 });
        AssertRefused("quant_method", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "gptq" });
        AssertRefused("group_size", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "mka1", ["bits"] = 8, ["sym"] = true, ["group_size"] = 48 });
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
