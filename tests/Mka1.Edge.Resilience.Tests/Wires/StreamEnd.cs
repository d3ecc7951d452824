using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Wires;

/// <summary>What came of a request for a stream.</summary>
/// <param name="Events">The events of the stream; none when it was refused.</param>
/// <param name="Done">Whether it ended with its marker, and not by a cut.</param>
/// <param name="Refusal">The answer in place of a stream; null when there was one.</param>
internal sealed record StreamEnd(List<ReceivedEvent> Events, bool Done, Answer? Refusal)
{
    public string Id => new Answer(default, null, Events[0].Response).Id;

    public int Deltas => Events.Count(e => e.Delta.Length > 0);

    public string Text => string.Concat(Events.Select(e => e.Delta));

    /// <summary>The code of the error it ended with; null when it ended well.</summary>
    public string? ErrorCode => Refusal is not null ? Refusal.ErrorCode : new Answer(default, null, Events[^1].Response).ErrorCode;
}
