namespace Mka1.Edge.Inference.Quantization;

/// <summary>Finds the scale with which a group of weights loses least, and rounds with it.</summary>
/// <remarks>
/// For whole numbers q the best scale is Σwq / Σqq, and what it explains of Σww is (Σwq)² / Σqq. So candidates are tried that
/// lay the largest weight on or near the end of the range, q is rounded for each, and the one that explains most wins. The
/// range has one more step below zero; a scale may be negative, so that the largest weight can use it whatever its sign.
/// </remarks>
internal static class GroupRounder
{
    private const int Candidates = 12;

    /// <summary>Rounds a group.</summary>
    /// <param name="weights">The group.</param>
    /// <param name="bits">8 or 4.</param>
    /// <param name="values">Takes the whole numbers: -127 to 127, or -8 to 7.</param>
    /// <returns>The scale: a weight is near value · scale.</returns>
    public static float Round(ReadOnlySpan<float> weights, int bits, Span<sbyte> values)
    {
        var (low, high) = bits == 8 ? (-127, 127) : (-8, 7);
        var largest = 0f;
        foreach (var weight in weights)
        {
            if (Math.Abs(weight) > Math.Abs(largest))
                largest = weight;
        }
        if (largest == 0)
        {
            values.Clear();
            return 0;
        }

        var (bestFactor, bestExplained) = (0f, -1.0);
        for (var i = -Candidates; i <= Candidates; i++)
        {
            // From the largest weight somewhat inside the range to it being cut off; finer where there are more steps.
            var end = low - (i * (bits == 8 ? 0.25f : 0.12f));
            foreach (var factor in bits == 8 ? [end / largest] : (ReadOnlySpan<float>)[end / largest, -end / largest])
            {
                var (along, square) = Sums(weights, factor, low, high);
                var explained = square == 0 ? 0 : along * along / square;
                if (explained > bestExplained)
                    (bestFactor, bestExplained) = (factor, explained);
            }
        }

        var (dot, length) = Sums(weights, bestFactor, low, high);
        for (var i = 0; i < weights.Length; i++)
            values[i] = (sbyte)Nearest(weights[i] * bestFactor, low, high);
        return (float)(dot / length);
    }

    private static (double Along, double Square) Sums(ReadOnlySpan<float> weights, float factor, int low, int high)
    {
        // In double precision: at 8 bits, what is not explained is some millionths of the whole.
        double along = 0, square = 0;
        foreach (var weight in weights)
        {
            var q = Nearest(weight * factor, low, high);
            along += (double)weight * q;
            square += (double)q * q;
        }
        return (along, square);
    }

    private static float Nearest(float value, int low, int high) => Math.Clamp(MathF.Round(value), low, high);
}
