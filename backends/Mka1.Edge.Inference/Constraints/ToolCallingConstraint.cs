using System.Diagnostics;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>
/// Text, tool calls, or both: <c>text? (&lt;tool_call&gt;{"name":…,"arguments":…}&lt;/tool_call&gt;)* end-of-turn</c>.
/// The body of a call is always valid for its tool and always ends.
/// </summary>
public sealed class ToolCallingConstraint : ITokenConstraint, IMaskedConstraint
{
    private readonly ChatTokens _tokens;
    private readonly ToolCallingOptions _options;
    private readonly JsonGrammar? _bodies;
    private readonly JsonGuide? _text;
    private Place _at = Place.Text;
    private JsonGuide? _body;
    private int _calls;

    /// <exception cref="ArgumentException">A call is required but there is no tool.</exception>
    public ToolCallingConstraint(ChatTokens tokens, ToolCallingOptions options)
    {
        if (options.Required && options.Tools.Count == 0)
            throw new ArgumentException("A call is required, but no tool may be called.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxCalls, 1, nameof(options));
        _tokens = tokens;
        _options = options;
        _bodies = options.Tools.Count > 0 ? JsonGrammar.CallBodies(options.Tools) : null;
        _text = options.Text is null ? null : new JsonGuide(options.Text);
    }

    private enum Place
    {
        Text,
        Body,
        AfterCall,
        Ended,
    }

    /// <inheritdoc/>
    public int? ForcedToken => _at switch
    {
        Place.Text when _options.Required => _tokens.ToolCallStart,
        Place.Text when _text is { MustEnd: true } && !MayCallNow => _tokens.TurnEnd,
        Place.Body when _body!.MustEnd => _tokens.ToolCallEnd,
        Place.AfterCall when !MayCallNow => _tokens.TurnEnd,
        _ => null,
    };

    private bool MayCallNow => _at switch
    {
        Place.Text => _bodies is not null && (_text is null || _text.IsAtStart || _text.CanEnd),
        Place.AfterCall => _options.Parallel && _calls < _options.MaxCalls,
        _ => false,
    };

    /// <inheritdoc/>
    public bool Allows(in Token token) => _at switch
    {
        Place.Text when token.Id == _tokens.ToolCallStart => MayCallNow,
        Place.Text when _options.Required => false,
        Place.Text when token.Kind == TokenKind.EndOfTurn => _text is null || _text.CanEnd,
        Place.Text when token.Kind == TokenKind.Text => _text is null || _text.Allows(token.Bytes.Span),
        Place.Body when token.Id == _tokens.ToolCallEnd => _body!.CanEnd,
        Place.Body when token.Kind == TokenKind.Text => _body!.Allows(token.Bytes.Span),
        Place.AfterCall => token.Kind == TokenKind.EndOfTurn || (token.Id == _tokens.ToolCallStart && MayCallNow),
        _ => false,
    };

    /// <inheritdoc/>
    public void Accept(in Token token)
    {
        if (token.Kind == TokenKind.EndOfTurn)
        {
            _at = Place.Ended;
        }
        else if (token.Id == _tokens.ToolCallStart)
        {
            _at = Place.Body;
            _body = new JsonGuide(_bodies!);
            _calls++;
        }
        else if (token.Id == _tokens.ToolCallEnd)
        {
            _at = Place.AfterCall;
        }
        else if (_at == Place.Body)
        {
            _body!.Accept(token.Bytes.Span);
        }
        else
        {
            Debug.Assert(_at == Place.Text, "Only text and bodies have text.");
            _text?.Accept(token.Bytes.Span);
        }
    }

    // Free text has no mask: all but a few control tokens may come.
    bool IMaskedConstraint.TryMask(TokenMasks masks, Span<ulong> allowed)
    {
        if (MayCallNow)
            TokenMasks.Add(allowed, _tokens.ToolCallStart);
        switch (_at)
        {
            case Place.Text when _text is not null:
                if (_text.CanEnd)
                    masks.AddEndOfTurn(allowed);
                return _text.TryMask(masks, allowed);
            case Place.Body:
                if (_body!.CanEnd)
                    TokenMasks.Add(allowed, _tokens.ToolCallEnd);
                return _body.TryMask(masks, allowed);
            case Place.AfterCall:
                masks.AddEndOfTurn(allowed);
                return true;
            default:
                return false;
        }
    }
}
