namespace Mka1.Edge.Gateway.Quota;

/// <summary>
/// Runs of replicas that are gone, for which the ledger had no row when their shares were settled. A commit that its replica did not
/// live to see the end of may still come through, so they are looked up again: after one lease, after two, four and so on.
/// </summary>
internal sealed class UnbookedRuns(TimeSpan lease, TimeProvider clock)
{
    /// <summary>What comes later than this, a store no longer takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(9);

    private readonly Queue<(string Id, long Since, TimeSpan After)> _waiting = new();

    /// <summary>Remembers a run.</summary>
    public void Add(string id) => _waiting.Enqueue((id, clock.GetTimestamp(), lease));

    /// <summary>The runs to be looked up now.</summary>
    public IReadOnlyList<string> Due()
    {
        var due = new List<string>();
        for (var i = _waiting.Count; i > 0; i--)
        {
            var (id, since, after) = _waiting.Dequeue();
            if (clock.GetElapsedTime(since) >= after)
            {
                due.Add(id);
                after *= 2;
            }

            if (after < Longest) _waiting.Enqueue((id, since, after));
        }

        return due;
    }
}
