namespace Mka1.Edge.Inference.Sampling;

/// <summary>Refuses options out of range; NaN is out of every range.</summary>
internal static class SamplingOptionsValidator
{
    public static void Check(SamplingOptions options)
    {
        Check(options.Temperature, 0, 2, nameof(options.Temperature));
        Check(options.TopP, 0, 1, nameof(options.TopP));
        Check(options.PresencePenalty, -2, 2, nameof(options.PresencePenalty));
        Check(options.FrequencyPenalty, -2, 2, nameof(options.FrequencyPenalty));
    }

    private static void Check(float value, float min, float max, string name)
    {
        if (!(value >= min && value <= max))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {min} to {max}.");
    }
}
