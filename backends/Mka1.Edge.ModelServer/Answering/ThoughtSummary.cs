using System.Text;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>The summary of a thought: how it begins, in whole sentences. No model is asked, so it is never more than the thought says.</summary>
internal sealed class ThoughtSummary(ReasoningSummary size)
{
    private readonly StringBuilder _start = new();

    private readonly int _longest = size switch
    {
        ReasoningSummary.Concise => 160,
        ReasoningSummary.Detailed => 960,
        _ => 320,
    };

    /// <summary>More of the thought. One letter beyond the longest summary is kept: it tells that the thought goes on.</summary>
    public void Append(ReadOnlySpan<char> text) => _start.Append(text[..Math.Min(text.Length, _longest + 1 - _start.Length)]);

    /// <summary>The whole thought if it is short, else its first sentences, else its first words and an ellipsis.</summary>
    public override string ToString()
    {
        var text = _start.ToString();
        if (text.Length <= _longest)
            return text;
        var sentences = EndOfSentences(text);
        if (sentences > 0)
            return text[..sentences].TrimEnd();
        var words = text.LastIndexOf(' ', _longest - 1);
        var cut = words > 0 ? words : _longest - 1;
        if (char.IsHighSurrogate(text[cut - 1]))
            cut--;
        return text[..cut].TrimEnd() + "…";
    }

    private int EndOfSentences(string text)
    {
        for (var i = _longest; i > 0; i--)
        {
            // Full stops of Latin, Chinese and Japanese, Devanagari and Urdu; the former only before white space, so that 3.5 stays whole.
            if (text[i - 1] is '。' or '！' or '？' or '।' or '۔' or '\n' || (text[i - 1] is '.' or '!' or '?' && char.IsWhiteSpace(text[i])))
                return i;
        }

        return 0;
    }
}
