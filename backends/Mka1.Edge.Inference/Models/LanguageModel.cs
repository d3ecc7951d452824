using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Tokenization;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>A model in memory: weights, tokenizer and chat template. Immutable; shared by all requests.</summary>
public sealed class LanguageModel
{
    private LanguageModel(TransformerWeights weights, Tokenizer tokenizer, ChatTemplate chatTemplate)
    {
        Weights = weights;
        Tokenizer = tokenizer;
        ChatTemplate = chatTemplate;
    }

    /// <summary>The shape of the transformer.</summary>
    public ModelConfig Config => Weights.Config;

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Conversations to ids.</summary>
    public ChatTemplate ChatTemplate { get; }

    /// <summary>How many weights there are (scales of a quantized model not counted).</summary>
    public long ParameterCount => Weights.Parameters;

    /// <summary>Bytes the weights take in memory.</summary>
    public long MemoryBytes => Weights.Bytes;

    internal TransformerWeights Weights { get; }

    /// <summary>Reads a model directory in the Hugging Face layout.</summary>
    /// <param name="directory">Holds config.json, model.safetensors (or model.safetensors.index.json and its shards), tokenizer.json, tokenizer_config.json and generation_config.json.</param>
    /// <param name="options">How to load it.</param>
    /// <exception cref="ModelFormatException">Something is missing, truncated, malformed or not supported; the message names file and key.</exception>
    public static LanguageModel Load(string directory, ModelLoadOptions? options = null)
    {
        if (!Directory.Exists(directory))
            throw new ModelFormatException(directory, "is not a directory. Name the folder that holds config.json and the weights.");
        if (options?.ContextWindow is { } window)
            ArgumentOutOfRangeException.ThrowIfLessThan(window, 2, nameof(options));
        var (config, family) = ModelConfigFile.Read(directory, options?.ContextWindow);
        if (options?.FloatActivations == true)
            config = config with { RoundedActivations = false };

        var tokenizer = Tokenizer.Load(directory);
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new ModelFormatException(Path.Combine(directory, "config.json"),
                $"'vocab_size' is {config.VocabularySize}, but tokenizer.json has ids up to {tokenizer.VocabularySize - 1}.");
        }
        return new LanguageModel(WeightLoader.Load(directory, config, family), tokenizer, ChatTemplate.Load(directory, tokenizer));
    }
}
