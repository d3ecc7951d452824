using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Stores.Responses;

/// <summary>Responses that live as long as the process.</summary>
public sealed class MemoryResponseStore(MemoryState state) : IResponseStore
{
    public ValueTask AddAsync(ResponseAddition addition, CancellationToken cancellation = default)
    {
        lock (state.Gate) state.Add(addition);
        return ValueTask.CompletedTask;
    }

    public ValueTask<StoredResponse?> FindAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        lock (state.Gate) return ValueTask.FromResult(state.Find(owner, id)?.Response);
    }

    public ValueTask<Page<StoredResponse>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default)
    {
        lock (state.Gate) return ValueTask.FromResult(List(owner, query));
    }

    public ValueTask<StoredResponse?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default)
    {
        lock (state.Gate)
        {
            if (state.Find(owner, id) is not { } entry) return ValueTask.FromResult<StoredResponse?>(null);
            entry.Response = entry.Response with { Metadata = metadata };
            return ValueTask.FromResult<StoredResponse?>(entry.Response);
        }
    }

    public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        lock (state.Gate)
        {
            if (state.Find(owner, id) is not { } entry) return ValueTask.FromResult(false);
            state.Remove(entry);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<StoredResponse>?> ChainAsync(Owner owner, string id, int maxLength, CancellationToken cancellation = default)
    {
        var chain = new List<StoredResponse>();
        lock (state.Gate)
        {
            for (var next = id; next is not null; next = chain[^1].PreviousResponseId)
            {
                if (chain.Count == maxLength || state.Find(owner, next) is not { } entry) return ValueTask.FromResult<IReadOnlyList<StoredResponse>?>(null);
                chain.Add(entry.Response);
            }
        }

        chain.Reverse();
        return ValueTask.FromResult<IReadOnlyList<StoredResponse>?>(chain);
    }

    public ValueTask<IReadOnlyList<StoredResponse>> FindByItemsAsync(
        Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default)
    {
        lock (state.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<StoredResponse>>(
            [
                .. itemIds.SelectMany(state.Holding).Where(e => e.Response.Owner == owner).Distinct()
                    .OrderByDescending(e => e.Sequence).Select(e => e.Response),
            ]);
        }
    }

    private Page<StoredResponse>? List(Owner owner, PageQuery query)
    {
        var (low, high) = query.Descending ? (query.Before, query.After) : (query.After, query.Before);
        var (above, below) = (-1L, long.MaxValue);
        if (low is not null)
        {
            if (state.Find(owner, low) is not { } entry) return null;
            above = entry.Sequence;
        }

        if (high is not null)
        {
            if (state.Find(owner, high) is not { } entry) return null;
            below = entry.Sequence;
        }

        // With only an end given, the entries next to that end are wanted: the way goes backwards from there.
        var backwards = query is { After: null, Before: not null };
        var owned = state.Of(owner).Where(e => e.Sequence > above && e.Sequence < below);
        if (query.Descending != backwards) owned = owned.Reverse();
        var entries = owned.Take(query.Limit + 1).Select(e => e.Response).ToList();
        var more = entries.Count > query.Limit;
        if (more) entries.RemoveAt(entries.Count - 1);
        if (backwards) entries.Reverse();
        return new Page<StoredResponse>(entries, more);
    }
}
