using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.InferenceBench.Models;

/// <summary>Lets any text token pass, so that a generation is as long as it was asked to be.</summary>
internal sealed class NeverEnding : ITokenConstraint
{
    public static NeverEnding Instance { get; } = new();

    public int? ForcedToken => null;

    public bool Allows(in Token token) => token.Kind == TokenKind.Text;

    public void Accept(in Token token)
    {
    }
}
