namespace Mka1.Edge.InferenceBench.Models;

/// <summary>A Llama of about 110 million random weights, tensor by tensor: the same numbers in whatever format they are written.</summary>
internal sealed record RandomModel
{
    public int Hidden { get; init; } = 768;

    public int Intermediate { get; init; } = 2048;

    public int Layers { get; init; } = 12;

    public int Heads { get; init; } = 12;

    public int Vocabulary { get; init; } = 32000;

    public int Window { get; init; } = 1024;

    /// <summary>The embedding, which is the output matrix as well.</summary>
    public float[] Embedding() => Matrix(1, Vocabulary, Hidden);

    /// <summary>A norm's weights.</summary>
    public float[] Norm() => [.. Enumerable.Repeat(1f, Hidden)];

    /// <summary>One matrix of a block, by its name in the Hugging Face layout.</summary>
    public float[] Matrix(int layer, string name)
    {
        var (outputs, inputs) = Shape(name);
        return Matrix(HashCode(layer, name), outputs, inputs);
    }

    /// <summary>Rows and columns of a matrix of a block.</summary>
    public (int Outputs, int Inputs) Shape(string name) => name switch
    {
        "gate_proj" or "up_proj" => (Intermediate, Hidden),
        "down_proj" => (Hidden, Intermediate),
        _ => (Hidden, Hidden),
    };

    // Not string.GetHashCode, which differs from process to process.
    private static int HashCode(int layer, string name) => name.Aggregate(layer + 17, (hash, letter) => unchecked((hash * 31) + letter));

    private static float[] Matrix(int seed, int outputs, int inputs)
    {
        var random = new Random(seed);
        var values = new float[outputs * inputs];
        var width = 2 * MathF.Sqrt(3f / inputs);
        for (var i = 0; i < values.Length; i++)
            values[i] = width * (random.NextSingle() - 0.5f);
        return values;
    }
}
