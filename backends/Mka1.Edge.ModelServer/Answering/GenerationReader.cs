using System.Runtime.InteropServices;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.Inference.Tokenization;
using TokenLogprob = Mka1.Edge.Responses.TokenLogprob;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Tells thoughts, text and function calls apart in the tokens of one answer, and passes them on as they grow.</summary>
/// <remarks>Keeps at most an unfinished code point and the name of an unfinished call. Not thread-safe.</remarks>
internal sealed class GenerationReader(
    ChatTokens control, LogprobFormat? logprobs, IAnswerSink sink, bool dropsLeadingSpace = false, bool startsThinking = false)
{
    private readonly Utf8StreamDecoder _decoder = new();
    private readonly List<TokenLogprob> _pending = [];
    private ToolCallReader? _call;
    private ThoughtReader? _thought = startsThinking ? new(sink) : null;
    private bool _atStart = dropsLeadingSpace;
    private bool _afterThought;

    /// <summary>Tokens of the think section so far, its tags included.</summary>
    public long ThoughtTokens { get; private set; }

    /// <summary>The next token.</summary>
    public void Accept(GeneratedToken token)
    {
        if (_thought is not null || (token.IsSpecial && token.Id == control.ThinkStart))
            ThoughtTokens++;
        if (token.IsSpecial)
            AcceptControl(token.Id);
        else if (_thought is not null)
            _thought.Append(token.Bytes.Span);
        else if (_call is not null)
            _call.Append(_decoder.Append(token.Bytes.Span));
        else
            AcceptText(token);

        // Cut off by the limit, half a code point is dropped: what the caller keeps is what the model wrote.
        if (token.Finish == FinishReason.Stop)
            FlushText();
        else if (token.Finish == FinishReason.Length)
            _call?.CutOff();
    }

    private void AcceptControl(int id)
    {
        if (id == control.ToolCallStart)
        {
            FlushText();
            _call = new(sink);
        }
        else if (id == control.ToolCallEnd && _call is { } call)
        {
            call.End();
            _call = null;
        }
        else if (id == control.ThinkStart)
        {
            _thought = new(sink);
        }
        else if (id == control.ThinkEnd && _thought is { } thought)
        {
            thought.End();
            (_thought, _afterThought) = (null, true);
        }
    }

    private void AcceptText(GeneratedToken token)
    {
        if (logprobs is not null)
            _pending.Add(logprobs.Describe(token));
        PassOn(_decoder.Append(token.Bytes.Span));
    }

    private void FlushText()
    {
        if (_call is null)
            PassOn(_decoder.Flush());
    }

    private void PassOn(string text)
    {
        if (_atStart && text.Length > 0)
        {
            // Some vocabularies write a space before the first word of an answer.
            _atStart = false;
            text = text[0] == ' ' ? text[1..] : text;
        }
        if (_afterThought && text.Length > 0)
        {
            // The lines between a thought and the answer are part of neither.
            text = text.TrimStart();
            if (text.Length == 0)
                _pending.Clear();
            _afterThought = text.Length == 0;
        }
        if (text.Length == 0)
            return;
        sink.Text(text, CollectionsMarshal.AsSpan(_pending));
        _pending.Clear();
    }
}
