using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>
/// Whether a run is still ours while its log, which would tell, is away. A process that stood still for longer than its lease
/// comes back with calls that timed out: it must not take that for a log that is away, and go on with a run that another
/// replica has ended.
/// </summary>
internal sealed class RunHold(string responseId, int fence, Replica replica, IRunStore runs)
{
    private int _term = replica.Term;

    /// <summary>Makes sure that nobody else can have taken the run.</summary>
    /// <returns>False when there is no telling for now.</returns>
    /// <exception cref="RunFencedException">Somebody else has taken it, or it has ended.</exception>
    public async ValueTask<bool> ConfirmAsync()
    {
        var term = replica.Term;
        if (replica.IsAlive && term == _term) return true;
        try
        {
            var now = await runs.PeekAsync(responseId);
            if (now is null || now.Fence != fence || now.Run.Replica != replica.Id) throw new RunFencedException();
        }
        catch (StoreUnavailableException)
        {
            return false;
        }

        // Asked within a lease that still lasts: nobody has taken it since.
        if (!replica.IsAlive || term != replica.Term) return false;
        _term = term;
        return true;
    }
}
