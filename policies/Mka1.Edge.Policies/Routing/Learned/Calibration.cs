namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Turns a score into a probability: straight lines between knots in log odds, rising everywhere, so that order is kept.</summary>
internal sealed class Calibration(float[] scores, float[] logits)
{
    public float[] Scores { get; } = scores;

    public float[] Logits { get; } = logits;

    public double Logit(double score)
    {
        var at = 1;
        while (at < Scores.Length - 1 && score > Scores[at]) at++;
        double from = Scores[at - 1], span = Scores[at] - from;
        return Logits[at - 1] + ((Logits[at] - Logits[at - 1]) * (score - from) / span);
    }

    public static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
}
