using System.Globalization;

namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>Of a handful of rounds.</summary>
internal static class Statistics
{
    /// <summary>The middle value; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Median, and in parentheses the least and the most.</summary>
    public static string Spread(IEnumerable<double> values, string format)
    {
        double[] some = [.. values];
        return some.Length == 0 ? "–" : $"{Text(Median(some))} ({Text(some.Min())}–{Text(some.Max())})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
