namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>How good scores are, by the definitions of RouteLLM, exact over all thresholds.</summary>
internal static class RouterMetrics
{
    private const int Bins = 10;

    /// <summary>What is said where there is nothing to rank.</summary>
    private const double Random = 0.5;

    /// <summary>Share of the strong model's gain that is recovered, averaged over all shares of strong calls; 0.5 is random.</summary>
    public static double Apgr(double[] scores, double[] gains) => gains.Sum() == 0
        ? Random
        : Curve(scores, gains, (x0, y0, x1, y1) => (x1 - x0) * (y0 + y1) / 2).Sum();

    /// <summary>Share of strong calls, in percent, that recovers <paramref name="share"/> of the gain.</summary>
    public static double Cpt(double[] scores, double[] gains, double share)
    {
        foreach (var at in Curve(scores, gains, (x0, y0, x1, y1) => y1 < share ? double.NaN : y0 >= share ? x0 : x0 + ((x1 - x0) * (share - y0) / (y1 - y0))))
        {
            if (!double.IsNaN(at)) return 100 * at;
        }

        return 100;
    }

    public static double Auroc(double[] scores, bool[] labels)
    {
        var order = Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]).ToArray();
        double ranks = 0, positives = labels.Count(l => l), negatives = labels.Length - positives;
        for (var i = 0; i < order.Length; i++) ranks += labels[order[i]] ? i + 1 : 0;
        return positives == 0 || negatives == 0 ? Random : (ranks - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    /// <summary>How far stated probabilities are from what happened, over ten bins.</summary>
    public static double Ece(double[] probabilities, bool[] labels) =>
        Table(probabilities, labels).Sum(bin => bin.Share * Math.Abs(bin.Stated - bin.Happened));

    public static IReadOnlyList<CalibrationBin> Table(double[] probabilities, bool[] labels) =>
    [
        .. Enumerable.Range(0, probabilities.Length)
            .GroupBy(i => Math.Min((int)(probabilities[i] * Bins), Bins - 1))
            .OrderBy(bin => bin.Key)
            .Select(bin => new CalibrationBin(
                bin.Count(), (double)bin.Count() / probabilities.Length, bin.Average(i => probabilities[i]), bin.Average(i => labels[i] ? 1.0 : 0.0))),
    ];

    /// <summary>Walks the curve of recovered gain over the share of strong calls, segment by segment.</summary>
    private static IEnumerable<double> Curve(double[] scores, double[] gains, Func<double, double, double, double, double> segment)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ToArray();
        double all = gains.Sum(), sum = 0, x = 0, y = 0;
        for (var i = 0; i < order.Length; i++)
        {
            sum += gains[order[i]];
            if (i + 1 < order.Length && scores[order[i + 1]] == scores[order[i]]) continue;
            double nextX = (i + 1.0) / order.Length, nextY = sum / all;
            yield return segment(x, y, nextX, nextY);
            (x, y) = (nextX, nextY);
        }
    }
}
