using Mka1.Edge.Inference.Engine;

namespace Mka1.Edge.Inference.Torch.Tests.Support;

/// <summary>One sequence on a runner, with pages that a test gave it.</summary>
internal sealed class PagedSequence(IModelRunner runner, params int[] pages)
{
    private int _position;

    /// <summary>The logits of what follows, after the last step that asked.</summary>
    public float[] Logits { get; } = new float[runner.Config.VocabularySize];

    /// <summary>Begins behind positions that lie in its pages already.</summary>
    public PagedSequence After(int position)
    {
        _position = position;
        return this;
    }

    /// <summary>This sequence's part of a step.</summary>
    public SequenceStep Next(int[] tokens, bool ask = true)
    {
        var step = new SequenceStep { Tokens = tokens, Position = _position, Pages = pages, Logits = ask ? Logits : default };
        _position += tokens.Length;
        return step;
    }

    /// <summary>A step of this sequence alone.</summary>
    public float[] Run(int[] tokens, bool ask = true)
    {
        runner.Step([Next(tokens, ask)]);
        return Logits;
    }

    /// <summary>The best continuation, token by token, until the turn ends or there are enough.</summary>
    public List<int> Greedy(int[] prompt, int count)
    {
        var output = new List<int>();
        for (var tokens = prompt; output.Count < count; tokens = [output[^1]])
            output.Add(Array.IndexOf(Logits, Run(tokens).Max()));
        return output;
    }
}
