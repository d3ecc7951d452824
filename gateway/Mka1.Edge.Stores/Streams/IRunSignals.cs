namespace Mka1.Edge.Stores.Streams;

/// <summary>Word passed between replicas. Best effort: what must not be missed also stands in a store.</summary>
public interface IRunSignals
{
    /// <summary>Tells whichever replica runs the response to stop. Does nothing when the store is away.</summary>
    ValueTask CancelAsync(string responseId);

    /// <summary>Calls <paramref name="cancelled"/> with each id that any replica, this one included, gives to <see cref="CancelAsync"/>.</summary>
    IDisposable OnCancel(Action<string> cancelled);

    /// <summary>Tells whichever replica runs the response that somebody reads its stream. Said again and again; now and then it gets lost.</summary>
    ValueTask AttendAsync(string responseId);

    /// <summary>Calls <paramref name="attended"/> with each id that any replica, this one included, gives to <see cref="AttendAsync"/>.</summary>
    IDisposable OnAttend(Action<string> attended);
}
