using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Idempotency;

/// <summary>Idempotency keys that live as long as the process.</summary>
/// <param name="clock">Says which keys have run out.</param>
/// <param name="capacity">Keys kept; the oldest gives way.</param>
public sealed class MemoryIdempotencyStore(TimeProvider clock, int capacity = MemoryIdempotencyStore.DefaultCapacity) : IIdempotencyStore
{
    /// <summary>Keys kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Owner Owner, string Key), LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _byAge = new();

    public ValueTask<IdempotencyClaim> ClaimAsync(
        Owner owner, string key, ReadOnlyMemory<byte> fingerprint, string responseId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_byKey.TryGetValue((owner, key), out var known))
            {
                var entry = known.Value;
                if (now - entry.At <= IIdempotencyStore.KeptFor)
                    return ValueTask.FromResult(new IdempotencyClaim(entry.ResponseId, entry.Fingerprint, entry.ResponseId == responseId));
                Remove(known);
            }

            var added = new Entry((owner, key), responseId, fingerprint.ToArray(), now);
            _byKey[added.Name] = _byAge.AddLast(added);
            if (_byAge.Count > capacity) Remove(_byAge.First!);
            return ValueTask.FromResult(new IdempotencyClaim(responseId, added.Fingerprint, true));
        }
    }

    public ValueTask ReleaseAsync(Owner owner, string key, string responseId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue((owner, key), out var known) && known.Value.ResponseId == responseId) Remove(known);
        }

        return ValueTask.CompletedTask;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _byKey.Remove(node.Value.Name);
    }

    private sealed record Entry((Owner Owner, string Key) Name, string ResponseId, byte[] Fingerprint, DateTimeOffset At);
}
