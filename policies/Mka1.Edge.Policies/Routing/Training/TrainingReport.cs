namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>How good a set of weights is on rows it was not made from.</summary>
/// <param name="Folds">Five-fold cross-validation by family of near-duplicates.</param>
/// <param name="LeftOut">Each benchmark, and each task of a mixed one, scored by weights that saw nothing of it.</param>
/// <param name="LearningCurve">The same cross-validation with fewer rows to learn from.</param>
/// <param name="Calibration">Stated against observed frequency, cross-validated.</param>
/// <param name="Tiers">The tiers that the standard thresholds give, cross-validated; null without rows of three tiers.</param>
public sealed record TrainingReport(
    IReadOnlyList<SetResult> Folds,
    IReadOnlyList<SetResult> LeftOut,
    IReadOnlyList<CurvePoint> LearningCurve,
    IReadOnlyList<CalibrationBin> Calibration,
    TierResult? Tiers);
