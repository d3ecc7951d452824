namespace Mka1.Edge.ModelServer.Answering;

/// <summary>When an answer began, and when its first and last tokens came.</summary>
internal sealed class AnswerTimes(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private long? _first;
    private long _last;

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>From the first token to the last.</summary>
    public TimeSpan Decoding => _first is { } first ? clock.GetElapsedTime(first, _last) : TimeSpan.Zero;

    /// <summary>A token has come.</summary>
    public void Token()
    {
        _last = clock.GetTimestamp();
        _first ??= _last;
    }
}
