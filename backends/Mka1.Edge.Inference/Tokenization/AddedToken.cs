namespace Mka1.Edge.Inference.Tokenization;

/// <summary>An entry of <c>added_tokens</c>: text that is one token wherever it occurs, whatever the model would make of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its spelling.</param>
/// <param name="IsSpecial">Whether it is a control token.</param>
/// <param name="IsNormalized">Whether it is looked for after normalization.</param>
/// <param name="StripsLeft">Whether it swallows white space before it.</param>
/// <param name="StripsRight">Whether it swallows white space after it.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool IsNormalized, bool StripsLeft, bool StripsRight)
{
    /// <summary>
    /// Whether only a chat template may write it: control tokens, and what is spelled like one (<c>&lt;tool_call&gt;</c> is no
    /// special token in some families). In a caller's text they stay the letters they are.
    /// </summary>
    public bool IsMarkup => IsSpecial || Content is ['<', .., '>'] or ['[', .., ']'];
}
