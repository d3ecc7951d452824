using System.Text.Json.Serialization;

namespace Mka1.Edge.ModelServer.Commands;

/// <summary>What <c>evaluate</c> found: counts by kind and in all and, where a second model was asked, how the two compare.</summary>
internal sealed record EvaluationResult(
    SortedDictionary<string, EvaluationScore> Heldout,
    EvaluationScore Overall,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvaluationAgainst? Against)
{
    /// <summary>Counts by kind.</summary>
    /// <param name="cases">What was asked.</param>
    /// <param name="right">Per case, whether the model was right.</param>
    /// <param name="other">The second model's name and what it got right; null when there is none.</param>
    public static EvaluationResult Of(IReadOnlyList<EvaluationCase> cases, bool[] right, (string Model, bool[] Right)? other)
    {
        var kinds = Enumerable.Range(0, cases.Count).ToLookup(i => cases[i].Kind);
        return new EvaluationResult(
            Sorted(indices => EvaluationScore.Of(indices.Select(i => right[i]))),
            EvaluationScore.Of(right),
            other is var (model, against)
                ? new EvaluationAgainst(
                    model,
                    Sorted(indices => EvaluationScore.Of(indices.Select(i => against[i]))),
                    EvaluationScore.Of(against),
                    Sorted(indices => PairedComparison.Of(indices.Select(i => right[i]), indices.Select(i => against[i]))),
                    PairedComparison.Of(right, against))
                : null);

        SortedDictionary<string, T> Sorted<T>(Func<IEnumerable<int>, T> of) => new(kinds.ToDictionary(kind => kind.Key, kind => of(kind)), StringComparer.Ordinal);
    }
}
