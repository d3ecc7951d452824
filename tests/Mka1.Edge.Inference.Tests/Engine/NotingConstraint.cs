using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Engine;

/// <summary>Text without an end of turn; tells the test of each token.</summary>
internal sealed class NotingConstraint(Action onToken) : ITokenConstraint
{
    public int? ForcedToken => null;

    public bool Allows(in Token token) => token.Kind == TokenKind.Text;

    public void Accept(in Token token) => onToken();
}
