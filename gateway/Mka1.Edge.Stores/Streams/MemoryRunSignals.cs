namespace Mka1.Edge.Stores.Streams;

/// <summary>Word within one process.</summary>
public sealed class MemoryRunSignals : IRunSignals
{
    private readonly Listeners _cancels = new();
    private readonly Listeners _attendances = new();

    public ValueTask CancelAsync(string responseId)
    {
        RaiseCancel(responseId);
        return ValueTask.CompletedTask;
    }

    public IDisposable OnCancel(Action<string> cancelled) => _cancels.Add(cancelled);

    public ValueTask AttendAsync(string responseId)
    {
        RaiseAttend(responseId);
        return ValueTask.CompletedTask;
    }

    public IDisposable OnAttend(Action<string> attended) => _attendances.Add(attended);

    internal void RaiseCancel(string responseId) => _cancels.Raise(responseId);

    internal void RaiseAttend(string responseId) => _attendances.Raise(responseId);

    private sealed class Listeners
    {
        private readonly Lock _gate = new();
        private Action<string>? _all;

        public Registration Add(Action<string> listener)
        {
            lock (_gate) _all += listener;
            return new Registration(() =>
            {
                lock (_gate) _all -= listener;
            });
        }

        public void Raise(string responseId)
        {
            Action<string>? all;
            lock (_gate) all = _all;
            all?.Invoke(responseId);
        }
    }
}
