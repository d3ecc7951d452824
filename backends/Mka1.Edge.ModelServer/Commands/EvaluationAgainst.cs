namespace Mka1.Edge.ModelServer.Commands;

/// <summary>A second model on the same cases, and how the first one compares with it case by case.</summary>
internal sealed record EvaluationAgainst(
    string Model,
    SortedDictionary<string, EvaluationScore> Heldout,
    EvaluationScore Overall,
    SortedDictionary<string, PairedComparison> Compared,
    PairedComparison ComparedOverall);
