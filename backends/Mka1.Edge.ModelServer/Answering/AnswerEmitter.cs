using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Makes output items of an answer's parts, each opened when its first part comes.</summary>
/// <param name="writer">Takes the events.</param>
/// <param name="summary">Makes the summary of a thought; null where none is asked for.</param>
internal sealed class AnswerEmitter(ResponseStreamWriter writer, ThoughtSummary? summary = null) : IAnswerSink
{
    private Open _open;
    private bool _any;

    private enum Open
    {
        Nothing,
        Thought,
        Message,
        Call,
    }

    public void Text(ReadOnlySpan<char> text, ReadOnlySpan<TokenLogprob> logprobs)
    {
        OpenMessage();
        writer.TextDelta(text, logprobs);
    }

    public void Thought(ReadOnlySpan<char> text)
    {
        if (_open != Open.Thought)
        {
            writer.StartReasoning(ResponseIds.New(ResponseIds.Reasoning));
            writer.StartReasoningText();
            _open = Open.Thought;
        }

        summary?.Append(text);
        writer.ReasoningDelta(text);
    }

    public void ThoughtEnded()
    {
        writer.EndReasoningText();
        if (summary is not null)
        {
            writer.StartSummary();
            writer.SummaryDelta(summary.ToString());
            writer.EndSummary();
        }

        writer.EndItem();
        _open = Open.Nothing;
    }

    public void CallStarted(string name)
    {
        CloseMessage(ItemStatus.Completed);
        writer.StartFunctionCall(ResponseIds.New(ResponseIds.FunctionCall), ResponseIds.New(ResponseIds.Call), name);
        (_open, _any) = (Open.Call, true);
    }

    public void Arguments(ReadOnlySpan<char> json) => writer.ArgumentsDelta(json);

    public void CallEnded()
    {
        writer.EndItem();
        _open = Open.Nothing;
    }

    /// <summary>The model ended its turn.</summary>
    public void Complete(Usage usage, long now)
    {
        OpenMessageIfEmpty();
        CloseMessage(ItemStatus.Completed);
        writer.Complete(usage, now);
    }

    /// <summary>The limit cut the answer off.</summary>
    public void CutOff(Usage usage, long now)
    {
        OpenMessageIfEmpty();
        CloseMessage(ItemStatus.Incomplete);
        writer.Incomplete(IncompleteDetails.MaxOutputTokens, usage, now);
    }

    // Clients read output[0]: an answer of no words is still a message.
    private void OpenMessageIfEmpty()
    {
        if (!_any && _open != Open.Thought)
            OpenMessage();
    }

    private void OpenMessage()
    {
        if (_open == Open.Message)
            return;
        writer.StartMessage(ResponseIds.New(ResponseIds.Message));
        writer.StartText();
        (_open, _any) = (Open.Message, true);
    }

    private void CloseMessage(string status)
    {
        if (_open != Open.Message)
            return;
        writer.EndText();
        writer.EndItem(status);
        _open = Open.Nothing;
    }
}
