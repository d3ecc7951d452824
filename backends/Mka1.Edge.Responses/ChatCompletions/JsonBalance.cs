namespace Mka1.Edge.Responses;

/// <summary>Tells when the pieces of a JSON object or array, as they come, have made a whole.</summary>
internal struct JsonBalance
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Whether the outermost bracket has been closed.</summary>
    public bool IsWhole { get; private set; }

    public void Add(ReadOnlySpan<char> piece)
    {
        foreach (var letter in piece)
        {
            if (_inString)
                InString(letter);
            else
                Outside(letter);
        }
    }

    private void InString(char letter)
    {
        if (_escaped)
            _escaped = false;
        else if (letter == '\\')
            _escaped = true;
        else if (letter == '"')
            _inString = false;
    }

    private void Outside(char letter)
    {
        switch (letter)
        {
            case '"':
                _inString = true;
                break;
            case '{' or '[':
                _depth++;
                break;
            case '}' or ']':
                IsWhole = --_depth <= 0;
                break;
        }
    }
}
