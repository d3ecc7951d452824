namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>A set of weights ready for use: immutable, so one may be put in place of another while requests are being scored.</summary>
public sealed class RoutingWeights
{
    private const string Resource = "routing.json";

    /// <summary>Standardised features stay within this.</summary>
    internal const float Clip = 5;

    private static readonly Lazy<RoutingWeights> OfThisRelease = new(LoadBuiltIn);

    internal RoutingWeights(float[] mean, float[] scale, ScoreHead need, ScoreHead gain, Calibration calibration, LevelScale levels, string version)
    {
        (Mean, Scale, Need, Gain, Calibration, Levels, Version) = (mean, scale, need, gain, calibration, levels, version);
    }

    /// <summary>The weights that came with this release.</summary>
    public static RoutingWeights BuiltIn => OfThisRelease.Value;

    /// <summary>When and from what they were made, in short; for logs.</summary>
    public string Version { get; }

    internal float[] Mean { get; }

    internal float[] Scale { get; }

    /// <summary>Whether the strong model is needed.</summary>
    internal ScoreHead Need { get; }

    /// <summary>What the middle model gains over the quantized one.</summary>
    internal ScoreHead Gain { get; }

    internal Calibration Calibration { get; }

    internal LevelScale Levels { get; }

    /// <summary>Reads the contents of a weights file.</summary>
    /// <exception cref="RoutingWeightsException">It cannot be used; the message says why.</exception>
    public static RoutingWeights Parse(ReadOnlySpan<byte> json) => WeightsFile.Parse(json);

    internal float Standardise(int feature, float value) => Math.Clamp((value - Mean[feature]) * Scale[feature], -Clip, Clip);

    private static RoutingWeights LoadBuiltIn()
    {
        using var stream = typeof(RoutingWeights).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("This build has no weights in it: config/routing.json was missing.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(bytes);
    }
}
