namespace Mka1.Edge.Inference.Weights;

/// <summary>A model directory that cannot be served: the message names the file and the key, and says what was expected.</summary>
public sealed class ModelFormatException : Exception
{
    public ModelFormatException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner) => File = file;

    /// <summary>The file at fault.</summary>
    public string File { get; }
}
