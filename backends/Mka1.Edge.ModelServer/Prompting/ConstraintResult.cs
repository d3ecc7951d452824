using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>What turning the wishes for an answer's shape into a constraint came to.</summary>
internal abstract record ConstraintResult
{
    private ConstraintResult()
    {
    }

    /// <summary>The constraint; null where any text will do.</summary>
    public sealed record Built(ITokenConstraint? Constraint) : ConstraintResult;

    public sealed record Refused(ApiError Error) : ConstraintResult;
}
