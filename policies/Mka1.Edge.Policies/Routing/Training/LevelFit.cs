using Mka1.Edge.Policies.Routing.Learned;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Finds where the tiers begin: so that the wanted shares come out on the rows given.</summary>
internal static class LevelFit
{
    private const double Least = 1e-3;

    public static LevelScale Of(IReadOnlyList<double> logits, IReadOnlyList<double> gains, IReadOnlyList<double> shares)
    {
        if (logits.Count == 0) return new LevelScale(0, 1, 0, 1);
        var dense = Upper(logits, shares[2]);
        var rest = Enumerable.Range(0, gains.Count).Where(i => logits[i] < dense).Select(i => gains[i]).ToArray();
        var moe = Upper(rest, shares[1] / (1 - shares[2]));
        return new LevelScale(
            (float)dense, (float)Math.Max(Least, dense - Upper(logits, 0.5)),
            (float)moe, (float)Math.Max(Least, Upper(rest, 0.05) - moe));
    }

    /// <summary>The value that the given share reaches.</summary>
    private static double Upper(IReadOnlyList<double> values, double share)
    {
        var sorted = values.OrderDescending().ToArray();
        return sorted[Math.Clamp((int)(share * sorted.Length), 0, sorted.Length - 1)];
    }
}
