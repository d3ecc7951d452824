using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>What planning an answer came to.</summary>
internal abstract record PlanResult
{
    private PlanResult()
    {
    }

    public sealed record Ready(AnswerPlan Plan) : PlanResult;

    public sealed record Refused(ApiError Error) : PlanResult;
}
