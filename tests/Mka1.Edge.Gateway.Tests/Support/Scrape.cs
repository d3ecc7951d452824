using System.Globalization;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>What <c>/metrics</c> said at one time, taken apart without the code under test.</summary>
internal sealed partial class Scrape
{
    private Scrape(string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.True(Types.TryAdd(type.Groups["name"].Value, type.Groups["kind"].Value), line);
                continue;
            }

            if (line.StartsWith("# HELP ", StringComparison.Ordinal)) continue;
            var sample = SampleLine().Match(line);
            Assert.True(sample.Success, line);
            var labels = LabelPair().Matches(sample.Groups["labels"].Value).ToDictionary(pair => pair.Groups["key"].Value, pair => pair.Groups["value"].Value);
            Samples.Add(new Sample(sample.Groups["name"].Value, labels, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Kinds by the name of the metric.</summary>
    public Dictionary<string, string> Types { get; } = [];

    public List<Sample> Samples { get; } = [];

    public static async Task<Scrape> OfAsync(GatewayFixture gateway)
    {
        using var client = Operator.Client(gateway, null);
        return new Scrape(await client.GetStringAsync("/metrics"));
    }

    /// <summary>Scrapes until what is looked for is there.</summary>
    public static async Task<Scrape> UntilAsync(GatewayFixture gateway, Func<Scrape, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var scrape = await OfAsync(gateway);
            if (wanted(scrape)) return scrape;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>The sum over all series of a name whose labels hold <paramref name="labels"/>.</summary>
    public double Sum(string name, params (string Key, string Value)[] labels) =>
        Samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Key) == label.Value)).Sum(sample => sample.Value);

    /// <summary>Labels that the series of a metric bear, but for the bound of a bucket.</summary>
    public IReadOnlyList<string> LabelsOf(string metric) =>
    [
        .. Samples.Where(sample => sample.Name == metric || Suffix().Replace(sample.Name, "") == metric)
            .SelectMany(sample => sample.Labels.Keys).Where(label => label != "le").Distinct().Order(StringComparer.Ordinal),
    ];

    internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

    [GeneratedRegex("^# TYPE (?<name>[a-z0-9_]+) (?<kind>histogram|gauge|counter)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-z0-9_]+)(\{(?<labels>.*)\})? (?<value>[0-9.E+-]+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("(?<key>[a-z0-9_]+)=\"(?<value>[^\"\n]*)\"")]
    private static partial Regex LabelPair();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
