using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>
/// How many deliveries are under way. Those at work are few; one that has been waiting for its receiver for a while makes room
/// for another and is counted among the waiting, of which there may be many: a receiver that does not answer costs a connection,
/// and keeps nobody else from being served.
/// </summary>
internal sealed class WebhookSlots(EdgeConfiguration configuration)
{
    /// <summary>Deliveries that may wait for their receivers at the same time.</summary>
    private const int MaxUnderWay = 2048;

    private readonly Lock _gate = new();
    private int _atWork;
    private int _underWay;

    /// <summary>Deliveries that can be begun now.</summary>
    public int Free
    {
        get
        {
            lock (_gate) return Math.Max(0, Math.Min(configuration.Current.Config.Webhooks.Workers - _atWork, MaxUnderWay - _underWay));
        }
    }

    /// <summary>Whether so many wait that no receiver should have more than one out.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (_gate) return _underWay > MaxUnderWay / 2;
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            _atWork++;
            _underWay++;
        }
    }

    public void MakeRoom()
    {
        lock (_gate) _atWork--;
    }

    public void End()
    {
        lock (_gate) _underWay--;
    }
}
