using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>How far the events of a run have come.</summary>
internal sealed class RunProgress
{
    /// <summary>The number of the next event.</summary>
    public long Next { get; set; }

    /// <summary>Whether the gateway has opened the stream itself: the model server's own opening events are then not passed on.</summary>
    public bool Opened { get; set; }

    /// <summary>The output so far.</summary>
    public PartialOutput Output { get; private set; } = new();

    /// <summary>The response as the model server ended it; null before that.</summary>
    public ResponseObject? Final { get; set; }

    /// <summary>Forgets what came of an attempt of which nobody has seen anything.</summary>
    /// <param name="next">The number that was the next one before it.</param>
    public void Restart(long next) => (Next, Output, Final) = (next, new PartialOutput(), null);
}
