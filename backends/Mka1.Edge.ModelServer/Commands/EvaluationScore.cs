namespace Mka1.Edge.ModelServer.Commands;

/// <summary>How many cases there were and how many were answered right.</summary>
internal sealed record EvaluationScore(int Count, int Correct)
{
    /// <summary>Counts cases, each given by whether it was answered right.</summary>
    public static EvaluationScore Of(IEnumerable<bool> right)
    {
        var (count, correct) = (0, 0);
        foreach (var one in right)
        {
            count++;
            correct += one ? 1 : 0;
        }
        return new EvaluationScore(count, correct);
    }
}
