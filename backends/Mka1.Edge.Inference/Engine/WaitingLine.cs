namespace Mka1.Edge.Inference.Engine;

/// <summary>Requests that wait for a place: by priority, first come first served within one.</summary>
/// <remarks>
/// Nobody starves: a priority that others were served before <see cref="Patience"/> times while it waited is served next.
/// Not thread-safe.
/// </remarks>
internal sealed class WaitingLine
{
    /// <summary>How many of better priority may pass before it is somebody else's turn.</summary>
    public const int Patience = 8;

    private const int Priorities = (int)RequestPriority.High + 1;

    private readonly LinkedList<Sequence>[] _lines = [new(), new(), new()];
    private readonly int[] _passed = new int[Priorities];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>All who wait.</summary>
    public IEnumerable<Sequence> All => _lines.SelectMany(line => line);

    public void Add(Sequence sequence)
    {
        LineOf(sequence).AddLast(sequence);
        Count++;
    }

    /// <summary>Whose turn it is; null when nobody waits.</summary>
    public Sequence? Peek()
    {
        for (var priority = 0; priority < Priorities; priority++)
        {
            if (_passed[priority] >= Patience && _lines[priority].First is { } waited)
                return waited.Value;
        }
        for (var priority = Priorities - 1; priority >= 0; priority--)
        {
            if (_lines[priority].First is { } first)
                return first.Value;
        }
        return null;
    }

    /// <summary>Takes out the one that <see cref="Peek"/> named, to be served; false when it has left meanwhile.</summary>
    public bool Serve(Sequence sequence)
    {
        if (!Leave(sequence))
            return false;
        var served = (int)sequence.Request.Priority;
        _passed[served] = 0;
        for (var priority = 0; priority < served; priority++)
            _passed[priority] = _lines[priority].Count > 0 ? _passed[priority] + 1 : 0;
        return true;
    }

    /// <summary>Takes one out; false when it is not in line.</summary>
    public bool Leave(Sequence sequence)
    {
        var removed = LineOf(sequence).Remove(sequence);
        if (removed)
            Count--;
        return removed;
    }

    private LinkedList<Sequence> LineOf(Sequence sequence) => _lines[(int)sequence.Request.Priority];
}
