using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>The whole answer is one JSON text of a grammar; tools cannot be called.</summary>
public sealed class JsonConstraint(ChatTokens tokens, JsonGrammar grammar) : ITokenConstraint, IMaskedConstraint
{
    private readonly JsonGuide _guide = new(grammar);

    /// <inheritdoc/>
    public int? ForcedToken => _guide.MustEnd ? tokens.TurnEnd : null;

    /// <inheritdoc/>
    public bool Allows(in Token token) => token.Kind switch
    {
        TokenKind.Text => _guide.Allows(token.Bytes.Span),
        TokenKind.EndOfTurn => _guide.CanEnd,
        _ => false,
    };

    /// <inheritdoc/>
    public void Accept(in Token token)
    {
        if (token.Kind == TokenKind.Text)
            _guide.Accept(token.Bytes.Span);
    }

    bool IMaskedConstraint.TryMask(TokenMasks masks, Span<ulong> allowed)
    {
        if (_guide.CanEnd)
            masks.AddEndOfTurn(allowed);
        return _guide.TryMask(masks, allowed);
    }
}
