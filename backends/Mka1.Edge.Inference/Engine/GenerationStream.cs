using System.Threading.Channels;

namespace Mka1.Edge.Inference.Engine;

/// <summary>The tokens of one generation, in order; can be read once. It holds a place in the engine until its end, a cancel or disposal.</summary>
/// <remarks>Generation does not wait for the reader: a slow one costs the memory of its tokens, not a place in the engine.</remarks>
public sealed class GenerationStream : IAsyncEnumerable<GeneratedToken>, IAsyncDisposable
{
    private readonly Channel<GeneratedToken> _tokens;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _callerToken;
    private CancellationTokenRegistration _registration;
    private int _read;
    private int _cachedTokens;

    internal GenerationStream(GenerationRequest request, int maxOutputTokens, CancellationToken cancellationToken)
    {
        Request = request;
        MaxOutputTokens = maxOutputTokens;
        _callerToken = cancellationToken;
        _tokens = Channel.CreateBounded<GeneratedToken>(new BoundedChannelOptions(maxOutputTokens) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>Tokens of the prompt that were found computed already; 0 until the first token has come.</summary>
    public int CachedTokens { get => Volatile.Read(ref _cachedTokens); internal set => Volatile.Write(ref _cachedTokens, value); }

    internal GenerationRequest Request { get; }

    /// <summary>The request's limit or what the context window leaves, whichever is less.</summary>
    internal int MaxOutputTokens { get; }

    /// <summary>Set when nobody wants the rest.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <inheritdoc/>
    public IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _read, 1) != 0)
            throw new InvalidOperationException("A generation can be read once.");
        return ReadAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Stops the generation, if it still runs, and waits until its memory is free.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _ended.Task;
    }

    /// <summary>Makes the caller's token stop the generation; called once, before the stream has its place.</summary>
    internal void Watch() => _registration = _callerToken.UnsafeRegister(static stream => ((GenerationStream)stream!).Stop(), this);

    internal void Stop() => _stop.Cancel();

    // Never full: there is room for the longest output.
    internal void Write(GeneratedToken token) => _tokens.Writer.TryWrite(token);

    /// <summary>The generation has ended and holds nothing any more.</summary>
    internal void End(Exception? fault)
    {
        _tokens.Writer.TryComplete(fault is OperationCanceledException ? new OperationCanceledException("The generation was stopped.", _callerToken) : fault);
        _ended.TrySetResult();
        _registration.Unregister();
    }

    private async IAsyncEnumerable<GeneratedToken> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var self = this;
        await using var registration = cancellationToken.UnsafeRegister(static stream => ((GenerationStream)stream!).Stop(), this);
        while (await _tokens.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_tokens.Reader.TryRead(out var token))
            {
                // What was decoded before a cancel is not handed out after it.
                _callerToken.ThrowIfCancellationRequested();
                cancellationToken.ThrowIfCancellationRequested();
                yield return token;
            }
        }
    }
}
