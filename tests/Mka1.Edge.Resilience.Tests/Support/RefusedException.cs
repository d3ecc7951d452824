namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A stream was asked for, and something else came.</summary>
internal sealed class RefusedException(Answer answer) : Exception($"{answer.Status}: {answer.Body}")
{
    public Answer Answer => answer;
}
