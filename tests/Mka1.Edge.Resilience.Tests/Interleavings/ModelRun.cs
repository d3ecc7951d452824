using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>What the model knows of one response.</summary>
internal sealed class ModelRun(string id, RunKind kind, PacedRequest request)
{
    private readonly Lock _gate = new();
    private readonly List<(long After, List<ReceivedEvent> Events)> _readings = [];
    private string? _end;

    public string Id => id;

    public RunKind Kind => kind;

    public PacedRequest Request => request;

    public bool IsBackground => kind is RunKind.Background or RunKind.BackgroundStream;

    public bool IsStored => kind is not (RunKind.UnstoredJson or RunKind.UnstoredStream);

    /// <summary>Whether it has a stream of its own.</summary>
    public bool IsStream => kind is RunKind.Stream || IsBackground;

    /// <summary>Whether a client was told that it is deleted.</summary>
    public bool Deleted { get; set; }

    /// <summary>Whether somebody has asked to delete it, and may not have heard yet what came of it.</summary>
    public bool PerhapsDeleted { get; set; }

    /// <summary>Whether anybody asked to cancel it.</summary>
    public bool CancelAsked { get; set; }

    /// <summary>Whether anybody who read it has left.</summary>
    public bool Left { get; set; }

    /// <summary>The response as it ended, byte for byte; null while nobody was told.</summary>
    public string? End
    {
        get { lock (_gate) return _end; }
    }

    /// <summary>What every reader got, and behind which event it began.</summary>
    public IReadOnlyList<(long After, List<ReceivedEvent> Events)> Readings
    {
        get { lock (_gate) return [.. _readings]; }
    }

    /// <summary>Somebody was told its end.</summary>
    /// <returns>False when it was another before.</returns>
    public bool Ends(string body)
    {
        lock (_gate) return (_end ??= body) == body;
    }

    public List<ReceivedEvent> BeginReading(long after)
    {
        var events = new List<ReceivedEvent>();
        lock (_gate) _readings.Add((after, events));
        return events;
    }
}
