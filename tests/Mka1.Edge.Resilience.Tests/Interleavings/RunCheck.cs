using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>What must hold of one response once it has ended.</summary>
internal sealed class RunCheck(ModelRun run, int kills, Action<string> fault)
{
    /// <summary>Every reader got what the uninterrupted one got, from where it began up to where it left.</summary>
    /// <param name="reference">The whole stream; null where there is none to compare with: then the readers are compared with each other.</param>
    public void Readings(IReadOnlyList<ReceivedEvent>? reference)
    {
        if (reference is not null) Numbered(reference);
        if (run.Kind == RunKind.Json) return;
        var known = new Dictionary<long, ReceivedEvent>();
        foreach (var e in reference ?? []) known[e.Sequence] = e;
        foreach (var (after, events) in run.Readings)
        {
            for (var i = 0; i < events.Count; i++)
            {
                if (events[i].Sequence != after + 1 + i) fault($"A reader of {run.Id} behind {after} got number {events[i].Sequence} in place {i}");
                if (reference is not null && !known.ContainsKey(events[i].Sequence)) fault($"A reader of {run.Id} got number {events[i].Sequence}, which the stream does not have");
                else if (!known.TryAdd(events[i].Sequence, events[i]) && known[events[i].Sequence] != events[i]) fault($"A reader of {run.Id} got {events[i].Data} where another got {known[events[i].Sequence].Data}");
            }
        }
    }

    /// <summary>The end is one that may be, and says what the stream said.</summary>
    public void End(Answer answer, IReadOnlyList<ReceivedEvent>? reference, int calls)
    {
        if (reference is [.., var last] && last.IsTerminal && last.Response != answer.Body) fault($"The stream of {run.Id} ends with {last.Response}, and GET says {answer.Body}");
        if (calls > 1 + kills || (calls > 1 && !run.IsBackground)) fault($"The model server was asked for {run.Id} {calls} times");
        switch (answer.ResponseStatus)
        {
            case "completed":
                if (Enumerable.Range(1, calls).All(call => answer.Text != PacedText.Whole(run.Request.Seed, call, run.Request.Deltas))) fault($"{run.Id} has another text than the model server made: {answer.Text}");
                break;
            case "cancelled" when run.CancelAsked:
            case "incomplete" when run.Kind == RunKind.Stream && (run.Left || kills > 0):
            case "failed" when kills > 0:
                break;
            default:
                fault($"{run.Id} ({run.Kind}) ended as {answer.ResponseStatus} {answer.ErrorCode}");
                break;
        }

        if (reference is null) return;
        var text = string.Concat(reference.Select(e => e.Delta));
        if (Enumerable.Range(1, Math.Max(1, calls)).All(call => !PacedText.Whole(run.Request.Seed, call, run.Request.Deltas).StartsWith(text, StringComparison.Ordinal))) fault($"The stream of {run.Id} has another text than the model server made: {text}");
    }

    private void Numbered(IReadOnlyList<ReceivedEvent> reference)
    {
        for (var i = 0; i < reference.Count; i++)
        {
            if (reference[i].Sequence != i) fault($"The stream of {run.Id} has number {reference[i].Sequence} in place {i}");
        }

        if (reference.Count(e => e.IsTerminal) != 1 || reference is not [.., { IsTerminal: true }]) fault($"The stream of {run.Id} has {reference.Count(e => e.IsTerminal)} ends, the last event is {(reference.Count == 0 ? "none" : reference[^1].Name)}");
    }
}
