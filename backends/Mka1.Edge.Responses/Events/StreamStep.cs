namespace Mka1.Edge.Responses;

/// <summary>Whether an event, or the end of a stream, keeps the rules.</summary>
public abstract record StreamStep
{
    private StreamStep()
    {
    }

    /// <summary>It does.</summary>
    public sealed record Accepted : StreamStep
    {
        internal static Accepted Instance { get; } = new();
    }

    /// <summary>It does not; the stream cannot be trusted from here on.</summary>
    public sealed record Violation(string Message) : StreamStep;
}
