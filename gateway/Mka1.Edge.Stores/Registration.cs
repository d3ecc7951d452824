namespace Mka1.Edge.Stores;

/// <summary>Undoes something once, however often it is disposed.</summary>
internal sealed class Registration(Action undo) : IDisposable
{
    private Action? _undo = undo;

    public void Dispose() => Interlocked.Exchange(ref _undo, null)?.Invoke();
}
