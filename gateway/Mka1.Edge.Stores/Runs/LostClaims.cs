namespace Mka1.Edge.Stores.Runs;

/// <summary>
/// Calls that took runs for a replica, perhaps: their replies got lost. A server that hung may carry such a call out late, so each
/// is looked for many times before it is forgotten.
/// </summary>
internal sealed class LostClaims
{
    private const int Looks = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Replica, Guid Claim), int> _left = [];

    public void Add(string replica, Guid claim)
    {
        lock (_gate) _left[(replica, claim)] = Looks;
    }

    public Guid[] Of(string replica)
    {
        lock (_gate) return [.. _left.Keys.Where(k => k.Replica == replica).Select(k => k.Claim)];
    }

    /// <summary>Notes that these have been looked for.</summary>
    public void Looked(string replica, Guid[] claims)
    {
        lock (_gate)
        {
            foreach (var claim in claims)
            {
                if (_left.TryGetValue((replica, claim), out var left) && left > 1) _left[(replica, claim)] = left - 1;
                else _left.Remove((replica, claim));
            }
        }
    }
}
