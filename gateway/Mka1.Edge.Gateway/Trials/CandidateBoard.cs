using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>Counts where the candidate's weights agree with those in use and where not, and keeps the last of the latter.</summary>
internal sealed class CandidateBoard(TimeProvider clock)
{
    /// <summary>Disagreements kept.</summary>
    public const int Kept = 100;

    private static readonly int Tiers = Enum.GetValues<Tier>().Length;

    private readonly Lock _gate = new();
    private readonly long[,] _counts = new long[Tiers, Tiers];
    private readonly Queue<Disagreement> _last = new(Kept);

    private long _since = clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>From when on it counts, in Unix seconds.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>Takes a verdict in.</summary>
    /// <param name="served">The tier that served the request.</param>
    /// <param name="verdict">What the candidate says.</param>
    public void Add(Tier served, CandidateVerdict verdict)
    {
        lock (_gate)
        {
            _counts[(int)served, (int)verdict.Tier]++;
            if (verdict.Disagreement is not { } disagreement) return;
            if (_last.Count == Kept) _last.Dequeue();
            _last.Enqueue(disagreement);
        }
    }

    /// <summary>Begins anew: other weights, other counts.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Array.Clear(_counts);
            _last.Clear();
            Volatile.Write(ref _since, clock.GetUtcNow().ToUnixTimeSeconds());
        }
    }

    /// <summary>Requests by the tier that served them and the candidate's, and the last disagreements, newest first.</summary>
    public (IReadOnlyList<(Tier Served, Tier Candidate, long Requests)> Counts, IReadOnlyList<Disagreement> Last) Read()
    {
        lock (_gate)
        {
            var counts =
                from served in Enum.GetValues<Tier>()
                from candidate in Enum.GetValues<Tier>()
                where _counts[(int)served, (int)candidate] > 0
                select (served, candidate, _counts[(int)served, (int)candidate]);
            return ([.. counts], [.. _last.Reverse()]);
        }
    }
}
