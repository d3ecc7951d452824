namespace Mka1.Edge.Inference.Tokenization;

/// <summary>A part of a prompt: either plain text, in which nothing is special, or one control token.</summary>
public abstract record TokenSegment
{
    private TokenSegment() { }

    /// <summary>Text that is encoded as it stands: a literal <c>&lt;|im_start|&gt;</c> in it stays text.</summary>
    public sealed record Text(string Value) : TokenSegment;

    /// <summary>One control token.</summary>
    public sealed record Special(int Id) : TokenSegment;
}
