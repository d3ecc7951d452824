using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Takes the parts of an answer as the model writes them.</summary>
internal interface IAnswerSink
{
    /// <summary>More text of the message.</summary>
    /// <param name="text">Whole code points; not empty.</param>
    /// <param name="logprobs">The tokens that brought it; empty unless asked for.</param>
    void Text(ReadOnlySpan<char> text, ReadOnlySpan<TokenLogprob> logprobs);

    /// <summary>More of what the model thinks before it answers.</summary>
    /// <param name="text">Whole code points; not empty; white space around the thought is left out.</param>
    void Thought(ReadOnlySpan<char> text);

    /// <summary>The model has thought; called only after some <see cref="Thought"/>.</summary>
    void ThoughtEnded();

    /// <summary>A function call begins.</summary>
    void CallStarted(string name);

    /// <summary>More of the call's arguments; not empty.</summary>
    void Arguments(ReadOnlySpan<char> json);

    /// <summary>The call is whole.</summary>
    void CallEnded();
}
