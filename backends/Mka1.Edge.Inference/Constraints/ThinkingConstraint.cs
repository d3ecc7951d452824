using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>
/// An answer after a think section: <c>(&lt;think&gt; text &lt;/think&gt;)? answer</c>. The section is free text of a bounded length,
/// closed by force when that is used up; what the answer is held to begins after it.
/// </summary>
public sealed class ThinkingConstraint : ITokenConstraint, IMaskedConstraint
{
    private readonly ChatTokens _tokens;
    private readonly ITokenConstraint _answer;
    private int _left;
    private Place _at;

    /// <param name="tokens">The model's control tokens, those of a think section among them.</param>
    /// <param name="answer">What the answer is held to; plain text when null.</param>
    /// <param name="budget">Tokens the section may hold between its tags: 0 or more.</param>
    /// <param name="isOpen">Whether the prompt ends inside the section.</param>
    /// <exception cref="ArgumentException">The model has no think section.</exception>
    public ThinkingConstraint(ChatTokens tokens, ITokenConstraint? answer, int budget, bool isOpen)
    {
        if (!tokens.HasThinkSection)
            throw new ArgumentException("The model has no think section.", nameof(tokens));
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        _tokens = tokens;
        _answer = answer ?? PlainText.Instance;
        _left = budget;
        _at = isOpen ? Place.Section : Place.Start;
    }

    private enum Place
    {
        Start,
        Section,
        Answer,
    }

    /// <inheritdoc/>
    public int? ForcedToken => _at switch
    {
        // The model may think first, even where the answer's first token is certain.
        Place.Start => null,
        Place.Section => _left == 0 ? _tokens.ThinkEnd : null,
        _ => _answer.ForcedToken,
    };

    /// <inheritdoc/>
    public bool Allows(in Token token) => _at switch
    {
        Place.Start => token.Id == _tokens.ThinkStart || _answer.Allows(token),
        // Not the end of the turn: the answer is still to come.
        Place.Section => token.Id == _tokens.ThinkEnd || token.Kind == TokenKind.Text,
        _ => _answer.Allows(token),
    };

    /// <inheritdoc/>
    public void Accept(in Token token)
    {
        if (_at == Place.Section && token.Id != _tokens.ThinkEnd)
        {
            _left--;
        }
        else if (_at == Place.Section)
        {
            _at = Place.Answer;
        }
        else if (_at == Place.Start && token.Id == _tokens.ThinkStart)
        {
            _at = Place.Section;
        }
        else
        {
            _at = Place.Answer;
            _answer.Accept(token);
        }
    }

    // The section is free text, which has no mask.
    bool IMaskedConstraint.TryMask(TokenMasks masks, Span<ulong> allowed)
    {
        if (_at == Place.Section || _answer is not IMaskedConstraint answer)
            return false;
        if (_at == Place.Start)
            TokenMasks.Add(allowed, _tokens.ThinkStart);
        return answer.TryMask(masks, allowed);
    }
}
