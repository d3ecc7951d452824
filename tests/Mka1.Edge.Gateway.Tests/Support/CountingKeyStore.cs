using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Keys in memory, behind a connection that counts what is asked and can be cut.</summary>
internal sealed class CountingKeyStore : IKeyStore
{
    private readonly MemoryKeyStore _store = new();
    private volatile TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>Whether nothing gets through.</summary>
    public bool Away { get; set; }

    /// <summary>Calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Complete when the feed reads again.</summary>
    public Task NextReadAsync() => _read.Task;

    public ValueTask<StoredKey?> CreateAsync(
        string tenantId, string keyId, ReadOnlyMemory<byte> settings, StoredSecret secret, CancellationToken cancellation = default) =>
        Reached().CreateAsync(tenantId, keyId, settings, secret, cancellation);

    public ValueTask<StoredKey?> RotateAsync(
        string tenantId, string keyId, StoredSecret secret, DateTimeOffset earlierUntil, StoredSecret? configured, CancellationToken cancellation = default) =>
        Reached().RotateAsync(tenantId, keyId, secret, earlierUntil, configured, cancellation);

    public ValueTask<StoredKey?> RevokeAsync(
        string tenantId, string keyId, string? secretId, DateTimeOffset now, StoredSecret? configured, CancellationToken cancellation = default) =>
        Reached().RevokeAsync(tenantId, keyId, secretId, now, configured, cancellation);

    public ValueTask<IReadOnlyList<StoredKey>> ListAsync(string tenantId, CancellationToken cancellation = default) => Reached().ListAsync(tenantId, cancellation);

    public ValueTask<KeyChanges> ReadAsync(long? since, CancellationToken cancellation = default)
    {
        Interlocked.Exchange(ref _read, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return Reached().ReadAsync(since, cancellation);
    }

    private MemoryKeyStore Reached()
    {
        Interlocked.Increment(ref _calls);
        return Away ? throw new StoreUnavailableException("postgres") : _store;
    }
}
