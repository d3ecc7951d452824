namespace Mka1.Edge.Inference.Models;

/// <summary>Cosines and sines of the rotary embedding, for every position of the context window.</summary>
/// <remarks>Angles are formed in single precision, as in transformers' <c>LlamaRotaryEmbedding</c>; the model was trained with that rounding.</remarks>
internal sealed class RotaryTable
{
    private readonly int _half;
    private readonly float[] _cos;
    private readonly float[] _sin;

    public RotaryTable(int headSize, double theta, int positions)
    {
        _half = headSize / 2;
        _cos = new float[(long)positions * _half];
        _sin = new float[(long)positions * _half];
        for (var i = 0; i < _half; i++)
        {
            var frequency = (float)(1.0 / Math.Pow(theta, 2.0 * i / headSize));
            for (var position = 0; position < positions; position++)
            {
                var angle = position * frequency;
                _cos[(position * _half) + i] = MathF.Cos(angle);
                _sin[(position * _half) + i] = MathF.Sin(angle);
            }
        }
    }

    /// <summary>Half a head of cosines.</summary>
    public ReadOnlySpan<float> Cos(int position) => _cos.AsSpan(position * _half, _half);

    /// <summary>Half a head of sines.</summary>
    public ReadOnlySpan<float> Sin(int position) => _sin.AsSpan(position * _half, _half);
}
