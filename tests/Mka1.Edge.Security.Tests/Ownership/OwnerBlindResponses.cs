using System.Collections.Concurrent;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Gives everybody everything. It changes nothing on a stranger's word, so that the next stranger finds as much.</summary>
internal sealed class OwnerBlindResponses(IResponseStore inner) : IResponseStore
{
    private readonly ConcurrentDictionary<string, Owner> _owners = new();
    private volatile bool _keepsAll;

    /// <summary>Whether a delete only says that it was done: endpoints hand on the owner they were given here.</summary>
    public bool KeepsAll
    {
        get => _keepsAll;
        set => _keepsAll = value;
    }

    public ValueTask AddAsync(ResponseAddition addition, CancellationToken cancellation)
    {
        _owners[addition.Response.Id] = addition.Response.Owner;
        return inner.AddAsync(addition, cancellation);
    }

    public ValueTask<StoredResponse?> FindAsync(Owner owner, string id, CancellationToken cancellation) => inner.FindAsync(Of(owner, id), id, cancellation);

    public ValueTask<Page<StoredResponse>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation) =>
        inner.ListAsync(Of(owner, query.After ?? query.Before), query, cancellation);

    public ValueTask<StoredResponse?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation) =>
        FindAsync(owner, id, cancellation);

    public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation) =>
        KeepsAll ? ValueTask.FromResult(true) : inner.DeleteAsync(owner, id, cancellation);

    public ValueTask<IReadOnlyList<StoredResponse>?> ChainAsync(Owner owner, string id, int maxLength, CancellationToken cancellation) =>
        inner.ChainAsync(Of(owner, id), id, maxLength, cancellation);

    public async ValueTask<IReadOnlyList<StoredResponse>> FindByItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation)
    {
        var found = new List<StoredResponse>();
        foreach (var every in _owners.Values.Distinct()) found.AddRange(await inner.FindByItemsAsync(every, itemIds, cancellation));
        return found;
    }

    private Owner Of(Owner owner, string? id) => id is not null && _owners.TryGetValue(id, out var real) ? real : owner;
}
