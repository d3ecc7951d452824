using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Models;

/// <summary>A model in memory: weights, tokenizer and chat template. Immutable; shared by all requests.</summary>
public sealed class LanguageModel
{
    private LanguageModel() { }

    /// <summary>The shape of the transformer.</summary>
    public ModelConfig Config => throw new NotSupportedException();

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer => throw new NotSupportedException();

    /// <summary>Conversations to ids.</summary>
    public ChatTemplate ChatTemplate => throw new NotSupportedException();

    /// <summary>How many weights there are (scales of a quantized model not counted).</summary>
    public long ParameterCount => throw new NotSupportedException();

    /// <summary>Bytes the weights take in memory.</summary>
    public long MemoryBytes => throw new NotSupportedException();

    /// <summary>Reads a model directory in the Hugging Face layout.</summary>
    /// <exception cref="Weights.ModelFormatException">Something is missing, truncated, malformed or not supported; the message names file and key.</exception>
    public static LanguageModel Load(string directory, ModelLoadOptions? options = null) => throw new NotSupportedException(directory);
}
