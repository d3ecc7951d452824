namespace Mka1.Edge.Stores.Streams;

/// <summary>
/// The events of every stored stream, for as long as they are kept; any replica can read them. Every method but
/// <see cref="Watch"/> throws <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IStreamLog
{
    /// <summary>Appends consecutive events. Repeating an append changes nothing.</summary>
    /// <param name="responseId">The stream.</param>
    /// <param name="fence">The run's fencing token; a log written under a higher one refuses.</param>
    /// <param name="entries">Consecutive events, at least one; those whose numbers the log has already are passed over.</param>
    /// <param name="last">Whether the last of them ends the stream. Afterwards nothing but a repeat can be appended.</param>
    /// <param name="cancellation">Gives up waiting; the events may be appended all the same.</param>
    ValueTask<AppendResult> AppendAsync(
        string responseId, int fence, IReadOnlyList<StreamEntry> entries, bool last, CancellationToken cancellation = default);

    /// <summary>Reads up to <paramref name="max"/> events whose number is greater than <paramref name="after"/>.</summary>
    ValueTask<LogSlice> ReadAsync(string responseId, long after, int max, CancellationToken cancellation = default);

    /// <summary>Deletes a log. A later append begins a new one.</summary>
    ValueTask DeleteAsync(string responseId, CancellationToken cancellation = default);

    /// <summary>
    /// Calls <paramref name="changed"/> after each append, from whatever replica; calls may be missed when the store is away,
    /// so whoever waits also looks now and then. It must return at once: other watchers come after it. Dispose to stop.
    /// </summary>
    IDisposable Watch(string responseId, Action changed);
}
