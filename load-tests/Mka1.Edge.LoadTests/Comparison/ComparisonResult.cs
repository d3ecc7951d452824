namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>What a comparison has found.</summary>
/// <param name="Options">What it was told.</param>
/// <param name="Rate">Requests a second of the open loop.</param>
/// <param name="Rates">The same by side, as some cannot take it.</param>
/// <param name="Samples">What was measured, by side.</param>
internal sealed record ComparisonResult(ComparisonOptions Options, double Rate, IReadOnlyDictionary<string, double> Rates, IReadOnlyDictionary<string, SideSamples> Samples)
{
    public long Failures => Samples.Values.SelectMany(samples => samples.All).Sum(sample => sample.Load.Failed);

    /// <summary>One side's value against another's in the same round, for every round.</summary>
    public IReadOnlyList<double> Ratios(string side, string against, Func<SideSamples, List<Sample>> samples, Func<Sample, double> value) => Pairs(side, against, samples, value, (a, b) => a / b);

    /// <summary>One side's value less another's in the same round, for every round.</summary>
    public IReadOnlyList<double> Differences(string side, string against, Func<SideSamples, List<Sample>> samples, Func<Sample, double> value) => Pairs(side, against, samples, value, (a, b) => a - b);

    private List<double> Pairs(string side, string against, Func<SideSamples, List<Sample>> samples, Func<Sample, double> value, Func<double, double, double> pair) =>
        Samples.TryGetValue(side, out var ours) && Samples.TryGetValue(against, out var theirs) ? [.. samples(ours).Zip(samples(theirs), (a, b) => pair(value(a), value(b)))] : [];
}
