namespace Mka1.Edge.Policies.Routing;

/// <summary>
/// Keeps the thresholds where a deployment's own requests fall into the shares its operator wants: a ring of the last levels,
/// looked at every so often. Begins with the standard thresholds, moves only for a difference that matters, and never so far
/// that plain words (summarize this; a forced tool) lose their meaning.
/// </summary>
public sealed class TierWindow
{
    /// <summary>Levels seen before the thresholds move for the first time.</summary>
    public const int Fewest = 256;

    /// <summary>How far a threshold may move from where it began, in points.</summary>
    public const float Reach = 2.5f;

    private const int Every = 128;

    /// <summary>Share of requests by which a tier must be off before its threshold moves.</summary>
    private const double Tolerance = 0.03;

    private readonly Lock _gate = new();
    private readonly TierShares _shares;
    private readonly float[] _ring;
    private readonly float[] _sorted;
    private long _seen;
    private TierThresholds _thresholds = TierThresholds.Standard;

    /// <param name="shares">What the operator wants.</param>
    /// <param name="size">Levels to look back on, at least <see cref="Fewest"/>.</param>
    public TierWindow(TierShares shares, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Fewest);
        _shares = shares;
        _ring = new float[size];
        _sorted = new float[size];
    }

    /// <summary>Where the tiers begin now.</summary>
    public TierThresholds Thresholds
    {
        get
        {
            lock (_gate) return _thresholds;
        }
    }

    /// <summary>Takes a level in. One that comes while another is being taken in is left out: a sample does as well as the whole.</summary>
    public void Add(float level)
    {
        if (!_gate.TryEnter()) return;
        try
        {
            _ring[(int)(_seen++ % _ring.Length)] = level;
            if (_seen >= Fewest && _seen % Every == 0) Follow();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Follow()
    {
        var count = (int)Math.Min(_seen, _ring.Length);
        var sorted = _sorted.AsSpan(0, count);
        _ring.AsSpan(0, count).CopyTo(sorted);
        sorted.Sort();
        var dense = Moved(sorted, _thresholds.Dense, TierThresholds.Standard.Dense, 1 - _shares.Dense);
        var moe = Moved(sorted, _thresholds.Moe, TierThresholds.Standard.Moe, _shares.Quantized);
        _thresholds = new TierThresholds(Math.Min(moe, dense), dense);
    }

    /// <summary>The threshold below which the wanted share lies; the present one as long as that is nearly so.</summary>
    private static float Moved(ReadOnlySpan<float> sorted, float present, float standard, double below)
    {
        var isBelow = (double)Below(sorted, present) / sorted.Length;
        if (Math.Abs(isBelow - below) <= Tolerance) return present;

        // Between two different levels, so that equal ones stay in one tier: whichever end of their run is nearer to what is wanted.
        var at = Math.Clamp((int)Math.Round(below * sorted.Length), 0, sorted.Length - 1);
        int first = at, end = at;
        while (first > 0 && sorted[first - 1] == sorted[at]) first--;
        while (end < sorted.Length && sorted[end] == sorted[at]) end++;
        var cut = at - first <= end - at ? first : end;
        var wanted = cut == 0 ? sorted[0] : cut == sorted.Length ? sorted[^1] + 1 : (sorted[cut] + sorted[cut - 1]) / 2;
        return Math.Clamp(wanted, standard - Reach, standard + Reach);
    }

    private static int Below(ReadOnlySpan<float> sorted, float level)
    {
        var count = 0;
        while (count < sorted.Length && sorted[count] < level) count++;
        return count;
    }
}
