namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>One request's place at a destination; to be disposed when the exchange is over.</summary>
internal sealed class DestinationLease(ModelPool pool, PoolDestination destination, bool isTrial, DestinationHealth health) : IDisposable
{
    private bool _isOpenTrial = isTrial;

    public PoolDestination Destination { get; } = destination;

    /// <summary>Takes note of what the destination says of its load.</summary>
    public void Hear(HttpResponseMessage response) => health.Hear(Destination, response);

    /// <summary>The destination gives a sound answer: a trial has succeeded with that, however long the answer goes on.</summary>
    public void Begin()
    {
        if (!_isOpenTrial) return;
        _isOpenTrial = false;
        health.Ended(pool, Destination, trial: true, AttemptEnd.Served, null);
    }

    /// <summary>The exchange has ended.</summary>
    public void End(AttemptEnd end, TimeSpan? retryAfter)
    {
        health.Ended(pool, Destination, _isOpenTrial, end, retryAfter);
        _isOpenTrial = false;
    }

    public void Dispose() => Destination.State.Leave();
}
