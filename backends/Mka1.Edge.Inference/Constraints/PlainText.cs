using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Any text, then the end of the turn; no other control token. Holds no state.</summary>
internal sealed class PlainText : ITokenConstraint
{
    public static PlainText Instance { get; } = new();

    public int? ForcedToken => null;

    public bool Allows(in Token token) => token.Kind is TokenKind.Text or TokenKind.EndOfTurn;

    public void Accept(in Token token)
    {
    }
}
