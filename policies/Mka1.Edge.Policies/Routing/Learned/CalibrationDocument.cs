namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Knots of the calibration.</summary>
internal sealed record CalibrationDocument(float[] Scores, float[] Logits);
