namespace Mka1.Edge.Inference.Engine;

/// <summary>The tokens of one generation, in order; can be read once. It holds a place in the engine until read to the end, cancelled or disposed.</summary>
public sealed class GenerationStream : IAsyncEnumerable<GeneratedToken>, IAsyncDisposable
{
    private GenerationStream() { }

    /// <inheritdoc/>
    public IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Stops the generation, if it still runs, and waits until its memory is free.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
