using System.Text;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>
/// Reads <c>{"name":"…","arguments":{…}}</c> as it is written, in pieces that may end anywhere: the name at once when it is
/// whole, the arguments as they come.
/// </summary>
/// <remarks>Decoding is held to this form, so a text of another form is a bug and throws.</remarks>
internal sealed class ToolCallReader(IAnswerSink sink)
{
    private const string BeforeName = "{\"name\":\"";
    private const string BeforeArguments = ",\"arguments\":";

    private readonly StringBuilder _name = new();
    private Stage _stage;
    private int _matched;
    private int _depth;
    private bool _inString;
    private bool _escaped;

    private enum Stage
    {
        BeforeName,
        Name,
        BeforeArguments,
        Arguments,
        After,
    }

    /// <summary>More of the call's text.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_stage == Stage.Arguments && !(_depth == 0 && char.IsWhiteSpace(text[0])))
            {
                var length = ArgumentsIn(text);
                if (length > 0)
                    sink.Arguments(text[..length]);
                text = text[length..];
            }
            else
            {
                AcceptFrame(text[0]);
                text = text[1..];
            }
        }
    }

    /// <summary>The call's end tag has come.</summary>
    public void End()
    {
        if (_stage != Stage.After)
            throw new FormatException($"A function call ended in its {_stage} part.");
        sink.CallEnded();
    }

    /// <summary>Nothing more comes: a call that has begun is shown as one, by as much of its name as there is.</summary>
    public void CutOff()
    {
        if (_stage is Stage.BeforeName or Stage.Name)
            sink.CallStarted(_name.ToString());
    }

    private void AcceptFrame(char letter)
    {
        switch (_stage)
        {
            case Stage.BeforeName:
                Match(letter, BeforeName, Stage.Name);
                break;
            case Stage.Name when letter == '"':
                _stage = Stage.BeforeArguments;
                sink.CallStarted(_name.ToString());
                break;
            case Stage.Name:
                // Function names are letters, digits, _ and -: nothing to unescape.
                _name.Append(letter);
                break;
            case Stage.BeforeArguments:
                Match(letter, BeforeArguments, Stage.Arguments);
                break;
            case Stage.After when letter == '}' || char.IsWhiteSpace(letter):
            case Stage.Arguments:
                // White space around the arguments is no part of them.
                break;
            default:
                throw Unexpected(letter);
        }
    }

    private void Match(char letter, string expected, Stage next)
    {
        if (char.IsWhiteSpace(letter))
            return;
        if (letter != expected[_matched])
            throw Unexpected(letter);
        if (++_matched < expected.Length)
            return;
        _matched = 0;
        _stage = next;
    }

    /// <summary>How much of the text is arguments; moves on when their last brace is among it.</summary>
    private int ArgumentsIn(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (_depth == 0 && letter != '{')
                throw Unexpected(letter);
            if (_inString)
            {
                _inString = _escaped || letter != '"';
                _escaped = !_escaped && letter == '\\';
                continue;
            }

            _inString = letter == '"';
            _depth += letter switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
            if (_depth > 0)
                continue;
            _stage = Stage.After;
            return i + 1;
        }

        return text.Length;
    }

    // The letter is the model's own, of no use to anyone who tries to find the bug without it.
    private FormatException Unexpected(char letter) => new($"A function call holds '{letter}' in its {_stage} part.");
}
