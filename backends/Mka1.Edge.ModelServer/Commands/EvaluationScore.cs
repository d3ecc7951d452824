namespace Mka1.Edge.ModelServer.Commands;

/// <summary>How many cases there were and how many were answered right.</summary>
internal sealed record EvaluationScore(int Count, int Correct);
