using System.Collections.Concurrent;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Quota;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>The shares of quotas that this replica holds: taken here, renewed while they are held, settled once.</summary>
internal sealed class QuotaShares(IQuotaStore store, EdgeConfiguration configuration, ILogger<QuotaShares> logger)
{
    /// <summary>A background run may wait long for its turn, on no replica that could renew anything.</summary>
    private static readonly TimeSpan BackgroundLease = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, byte> _held = new(StringComparer.Ordinal);

    /// <summary>How long a share is held without a renewal.</summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(configuration.Current.Config.Quotas.LeaseSeconds);

    /// <summary>Ids of the shares to renew.</summary>
    public ICollection<string> Held => _held.Keys;

    /// <summary>Takes a share, or adds to one.</summary>
    /// <param name="id">The share.</param>
    /// <param name="charges">Of what.</param>
    /// <param name="units">Units wanted.</param>
    /// <param name="minimum">Units needed.</param>
    /// <param name="length">How long it is to be held.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<QuotaDecision> TakeAsync(
        string id, IReadOnlyList<QuotaCharge> charges, long units, long minimum, ShareLength length, CancellationToken cancellation)
    {
        var lease = length switch
        {
            ShareLength.ForGood => TimeSpan.Zero,
            ShareLength.WhileHere => Lease,
            ShareLength.Background => BackgroundLease,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        // Before it is asked for: a share that is taken must not lapse for want of a renewal.
        var added = length == ShareLength.WhileHere && _held.TryAdd(id, 0);
        var granted = false;
        try
        {
            var decision = await store.TakeAsync(new QuotaRequest(id, charges, units, minimum, lease), cancellation);
            granted = decision is QuotaDecision.Granted;
            return decision;
        }
        finally
        {
            if (added && !granted) _held.TryRemove(id, out _);
        }
    }

    /// <summary>Gives back a share of whoever holds it, who may still say what it has come to.</summary>
    public async ValueTask ReclaimAsync(string id)
    {
        try
        {
            await store.ReclaimAsync(id, QuotaUsage.None);
        }
        catch (StoreUnavailableException e)
        {
            logger.NotSettled(id, e);
        }
    }

    /// <summary>Says what a share has come to. Nobody's answer depends on it: what cannot be settled now lapses with its lease.</summary>
    public async ValueTask SettleAsync(string id, QuotaUsage usage)
    {
        _held.TryRemove(id, out _);
        try
        {
            await store.SettleAsync(id, usage);
        }
        catch (StoreUnavailableException e)
        {
            logger.NotSettled(id, e);
        }
    }
}
