using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>A log whose first answer about one stream arrives when it is old news.</summary>
internal sealed class HeldLog : IStreamLog
{
    private readonly MemoryStreamLog _log = new(TimeSpan.FromHours(1), TimeProvider.System);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _held;

    /// <summary>Complete when the answer that is held back has been made.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Holds back the next answer about this stream.</summary>
    public void Hold(string responseId) => Volatile.Write(ref _held, responseId);

    /// <summary>Lets it go.</summary>
    public void Release() => _goOn.TrySetResult();

    public ValueTask<AppendResult> AppendAsync(string responseId, int fence, IReadOnlyList<StreamEntry> entries, bool last, CancellationToken cancellation = default) =>
        _log.AppendAsync(responseId, fence, entries, last, cancellation);

    public async ValueTask<LogSlice> ReadAsync(string responseId, long after, int max, CancellationToken cancellation = default)
    {
        var slice = await _log.ReadAsync(responseId, after, max, cancellation);
        if (Interlocked.CompareExchange(ref _held, null, responseId) != responseId) return slice;
        _asked.TrySetResult();
        await _goOn.Task.WaitAsync(cancellation);
        return slice;
    }

    public ValueTask DeleteAsync(string responseId, CancellationToken cancellation = default) => _log.DeleteAsync(responseId, cancellation);

    public IDisposable Watch(string responseId, Action changed) => _log.Watch(responseId, changed);
}
