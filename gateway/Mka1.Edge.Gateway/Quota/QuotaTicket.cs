using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// What a request took when it was let in: its place among those in flight, and its share of the request windows. It belongs to
/// the connection, until a run that goes on without one takes it over.
/// </summary>
internal sealed class QuotaTicket(string id, QuotaPlan plan, QuotaShares shares)
{
    private int _ended;

    /// <summary>What its caller is held against.</summary>
    public QuotaPlan Plan { get; } = plan;

    /// <summary>Whether a run has taken it over.</summary>
    public bool IsHandedOver { get; private set; }

    /// <summary>From here on the run gives it back, not the connection.</summary>
    public void HandOver() => IsHandedOver = true;

    /// <summary>The request is over; it counts as one. Only the first end counts.</summary>
    public ValueTask EndAsync() => EndAsync(requests: 1);

    /// <summary>The request was refused for want of another quota: it does not count.</summary>
    public ValueTask RevokeAsync() => EndAsync(requests: 0);

    private ValueTask EndAsync(long requests) => Plan.IsSettled && Interlocked.Exchange(ref _ended, 1) == 0
        ? shares.SettleAsync(id, new QuotaUsage(requests, 0, 0))
        : ValueTask.CompletedTask;
}
