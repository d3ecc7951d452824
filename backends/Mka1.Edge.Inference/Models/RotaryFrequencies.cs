namespace Mka1.Edge.Inference.Models;

/// <summary>The angle each pair of a head turns by from one position to the next, scaling applied.</summary>
internal static class RotaryFrequencies
{
    /// <summary>Frequencies in radians a position [head size / 2], and what cosines and sines are multiplied by.</summary>
    public static (float[] Frequencies, float Scale) Of(int headSize, double theta, RopeScaling? scaling)
    {
        var plain = new double[headSize / 2];
        for (var i = 0; i < plain.Length; i++)
            plain[i] = 1.0 / Math.Pow(theta, 2.0 * i / headSize);
        return scaling switch
        {
            RopeScaling.Linear linear => (Array.ConvertAll(plain, f => (float)(f / linear.Factor)), 1),
            RopeScaling.Yarn yarn => (Yarn(plain, headSize, theta, yarn), (float)yarn.AttentionFactor),
            RopeScaling.Llama3 llama => (Array.ConvertAll(plain, f => (float)Llama3(f, llama)), 1),
            _ => (Array.ConvertAll(plain, f => (float)f), 1),
        };
    }

    private static float[] Yarn(double[] plain, int headSize, double theta, RopeScaling.Yarn yarn)
    {
        var low = DimensionOf(yarn.BetaFast);
        var high = DimensionOf(yarn.BetaSlow);
        if (yarn.Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        low = Math.Max(low, 0);
        high = Math.Min(high, headSize - 1);
        if (low == high)
            high += 0.001;

        var result = new float[plain.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var divided = Math.Clamp((i - low) / (high - low), 0, 1);
            result[i] = (float)((plain[i] * (1 - divided)) + (plain[i] / yarn.Factor * divided));
        }
        return result;

        // The pair that turns this many times within the original context.
        double DimensionOf(double rotations) =>
            headSize * Math.Log(yarn.OriginalContext / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));
    }

    private static double Llama3(double frequency, RopeScaling.Llama3 llama)
    {
        var rotations = llama.OriginalContext * frequency / (2 * Math.PI);
        if (rotations < llama.LowFrequencyFactor)
            return frequency / llama.Factor;
        if (rotations > llama.HighFrequencyFactor)
            return frequency;
        var kept = (rotations - llama.LowFrequencyFactor) / (llama.HighFrequencyFactor - llama.LowFrequencyFactor);
        return ((1 - kept) * frequency / llama.Factor) + (kept * frequency);
    }
}
