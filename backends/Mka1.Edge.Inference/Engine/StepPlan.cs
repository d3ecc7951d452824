namespace Mka1.Edge.Inference.Engine;

/// <summary>Which sequences take part in the next step, and with how many tokens.</summary>
/// <remarks>
/// Every sequence that decodes has its token in every step. What the step may hold beside that is shared out among the
/// prompts being read: equal parts, what short prompts leave goes to longer ones, and the oldest is sure of its part. So a long
/// prompt stalls neither running streams nor the short prompts behind it.
/// </remarks>
internal sealed class StepPlan(int pageSize, int maxStepTokens, int promptTokens)
{
    private readonly List<Sequence> _reading = [];

    /// <summary>The sequences of the step.</summary>
    public List<Sequence> Sequences { get; } = [];

    /// <summary>How many tokens each brings.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>Plans a step.</summary>
    /// <param name="running">In order of admission; each has room for all its tokens.</param>
    public void Make(List<Sequence> running)
    {
        Sequences.Clear();
        Tokens.Clear();
        _reading.Clear();
        foreach (var sequence in running)
        {
            if (sequence.Pending == 1)
                Add(sequence, 1);
            else
                _reading.Add(sequence);
        }
        if (_reading.Count > 0)
            Share(Math.Min(promptTokens, maxStepTokens - Sequences.Count));
    }

    private void Share(int budget)
    {
        var oldest = _reading[0];
        var sure = Math.Min(oldest.Pending, Part(budget, _reading.Count));
        budget -= sure;
        _reading.RemoveAt(0);
        // Stable and without allocation; the list is short.
        for (var i = 1; i < _reading.Count; i++)
        {
            for (var at = i; at > 0 && _reading[at - 1].Pending > _reading[at].Pending; at--)
                (_reading[at - 1], _reading[at]) = (_reading[at], _reading[at - 1]);
        }
        for (var i = 0; i < _reading.Count && budget > 0; i++)
        {
            var tokens = Math.Min(_reading[i].Pending, Part(budget, _reading.Count - i));
            Add(_reading[i], tokens);
            budget -= tokens;
        }
        Add(oldest, Math.Min(oldest.Pending, sure + budget));
    }

    // Less than a page each would make many small pieces of all prompts and finish none.
    private int Part(int budget, int among) => Math.Min(budget, Math.Max(pageSize, budget / among));

    private void Add(Sequence sequence, int tokens)
    {
        Sequences.Add(sequence);
        Tokens.Add(tokens);
    }
}
