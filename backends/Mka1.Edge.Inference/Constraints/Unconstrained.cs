using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Whatever the model says, control tokens included: for measuring the bare model. Holds no state.</summary>
public sealed class Unconstrained : ITokenConstraint
{
    public static Unconstrained Instance { get; } = new();

    public int? ForcedToken => null;

    public bool Allows(in Token token) => true;

    public void Accept(in Token token)
    {
    }
}
