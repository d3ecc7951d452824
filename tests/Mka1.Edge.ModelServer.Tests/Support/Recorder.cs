using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>Writes down what an answer was made of; pieces that follow each other are joined.</summary>
internal sealed class Recorder : IAnswerSink
{
    private readonly List<string> _parts = [];

    /// <summary><c>text:…</c>, <c>thought:…</c>, <c>thought end</c>, <c>call:name</c>, <c>arguments:…</c> and <c>end</c>, in order.</summary>
    public IReadOnlyList<string> Parts => _parts;

    /// <summary>Each text piece as it came.</summary>
    public List<string> Texts { get; } = [];

    public List<TokenLogprob> Logprobs { get; } = [];

    public void Text(ReadOnlySpan<char> text, ReadOnlySpan<TokenLogprob> logprobs)
    {
        Assert.False(text.IsEmpty);
        Texts.Add(text.ToString());
        Logprobs.AddRange(logprobs);
        Join("text:", text.ToString());
    }

    public void Thought(ReadOnlySpan<char> text)
    {
        Assert.False(text.IsEmpty);
        Texts.Add(text.ToString());
        Join("thought:", text.ToString());
    }

    public void ThoughtEnded() => _parts.Add("thought end");

    public void CallStarted(string name) => _parts.Add("call:" + name);

    public void Arguments(ReadOnlySpan<char> json)
    {
        Assert.False(json.IsEmpty);
        Join("arguments:", json.ToString());
    }

    public void CallEnded() => _parts.Add("end");

    private void Join(string kind, string piece)
    {
        if (_parts.Count > 0 && _parts[^1].StartsWith(kind, StringComparison.Ordinal))
            _parts[^1] += piece;
        else
            _parts.Add(kind + piece);
    }
}
