namespace Mka1.Edge.Inference.Models;

/// <summary>Cosines and sines of the rotary embedding, for every position of the context window.</summary>
/// <remarks>
/// Angles are formed in single precision, as in transformers' <c>LlamaRotaryEmbedding</c>; the model was trained with that
/// rounding. Positions come in blocks that are filled when first asked for: a window of 128 k costs nothing until it is used.
/// </remarks>
internal sealed class RotaryTable
{
    private const int BlockBits = 12;
    private const int BlockSize = 1 << BlockBits;

    private readonly int _half;
    private readonly int _positions;
    private readonly float[] _frequencies;
    private readonly float _scale;
    private readonly Block?[] _blocks;

    public RotaryTable(ModelConfig config)
    {
        _half = config.HeadSize / 2;
        _positions = config.ContextWindow;
        (_frequencies, _scale) = RotaryFrequencies.Of(config.HeadSize, config.RopeTheta, config.RopeScaling);
        _blocks = new Block?[((_positions - 1) >> BlockBits) + 1];
        _blocks[0] = Fill(0);
    }

    /// <summary>Half a head of cosines.</summary>
    public ReadOnlySpan<float> Cos(int position) => BlockOf(position).Cos.AsSpan((position & (BlockSize - 1)) * _half, _half);

    /// <summary>Half a head of sines.</summary>
    public ReadOnlySpan<float> Sin(int position) => BlockOf(position).Sin.AsSpan((position & (BlockSize - 1)) * _half, _half);

    // Two threads may fill a block at the same time: they write the same numbers, and either result will do.
    private Block BlockOf(int position) => Volatile.Read(ref _blocks[position >> BlockBits]) ?? Fill(position >> BlockBits);

    private Block Fill(int index)
    {
        var first = index << BlockBits;
        var count = Math.Min(BlockSize, _positions - first);
        var block = new Block(new float[count * _half], new float[count * _half]);
        for (var i = 0; i < _half; i++)
        {
            for (var t = 0; t < count; t++)
            {
                var angle = (first + t) * _frequencies[i];
                block.Cos[(t * _half) + i] = MathF.Cos(angle) * _scale;
                block.Sin[(t * _half) + i] = MathF.Sin(angle) * _scale;
            }
        }
        Volatile.Write(ref _blocks[index], block);
        return block;
    }

    private sealed record Block(float[] Cos, float[] Sin);
}
