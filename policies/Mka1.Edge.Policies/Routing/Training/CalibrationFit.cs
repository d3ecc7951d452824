using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Isotonic regression over bins of equally many rows, made to rise everywhere.</summary>
internal static class CalibrationFit
{
    private const int Bins = 14;
    private const double LeastSlope = 0.05;

    public static Calibration Of(IReadOnlyList<double> scores, IReadOnlyList<bool> needs)
    {
        var order = Enumerable.Range(0, scores.Count).OrderBy(i => scores[i]).ThenBy(i => i).ToArray();
        var pooled = new List<(double Score, double Needs, double Count)>();
        for (var b = 0; b < Bins; b++)
        {
            var part = order[(int)((long)b * order.Length / Bins)..(int)((b + 1L) * order.Length / Bins)];
            pooled.Add((part.Sum(i => scores[i]), part.Count(i => needs[i]), part.Length));

            // A bin that falls below the one before joins it.
            while (pooled.Count > 1 && pooled[^1].Needs / pooled[^1].Count <= pooled[^2].Needs / pooled[^2].Count)
            {
                var (last, before) = (pooled[^1], pooled[^2]);
                pooled.RemoveRange(pooled.Count - 2, 2);
                pooled.Add((last.Score + before.Score, last.Needs + before.Needs, last.Count + before.Count));
            }
        }

        var knots = pooled.Select(bin => (Score: bin.Score / bin.Count, Logit: Math.Log((bin.Needs + 0.5) / (bin.Count - bin.Needs + 0.5)))).ToList();
        if (knots.Count == 1) knots.Add((knots[0].Score + 1, knots[0].Logit + LeastSlope));
        for (var i = 1; i < knots.Count; i++)
            knots[i] = (knots[i].Score, Math.Max(knots[i].Logit, knots[i - 1].Logit + (LeastSlope * (knots[i].Score - knots[i - 1].Score))));
        return new Calibration([.. knots.Select(k => (float)k.Score)], [.. knots.Select(k => (float)k.Logit)]);
    }
}
