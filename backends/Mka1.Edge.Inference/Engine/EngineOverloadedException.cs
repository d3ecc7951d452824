namespace Mka1.Edge.Inference.Engine;

/// <summary>All places are taken and the queue is full: try again later or elsewhere.</summary>
public sealed class EngineOverloadedException : Exception
{
    public EngineOverloadedException(int active, int queued)
        : base($"The engine works on {active} requests and {queued} wait: no more are taken now.")
    {
    }
}
