using System.Globalization;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>Facts that several scenarios state.</summary>
internal static class Facts
{
    public static Fact NothingFailed(OpenLoopResult result) =>
        new("every request is answered as it should be", result.Failed == 0 && result.Requests > 0, $"{result.Failed} of {result.Requests + result.Failed} were not{Failures(result)}");

    public static Fact AtMost(string what, double value, double limit, string unit) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what} is at most {limit} {unit}"), value <= limit, string.Create(CultureInfo.InvariantCulture, $"{value:F2} {unit}"));

    private static string Failures(OpenLoopResult result)
    {
        var labels = result.Kinds.Values.SelectMany(kind => kind.Failures).Select(pair => $"{pair.Value} x {pair.Key}").ToList();
        return labels.Count == 0 ? "" : $" ({string.Join(", ", labels)})";
    }
}
