using System.Collections.Concurrent;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Prompts;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Gives everybody every prompt. It changes nothing on a stranger's word, so that the next stranger finds as much.</summary>
internal sealed class OwnerBlindPrompts(IPromptStore inner) : IPromptStore
{
    private readonly ConcurrentDictionary<string, Owner> _owners = new();

    public ValueTask AddAsync(StoredPrompt prompt, PromptVersion first, CancellationToken cancellation)
    {
        _owners[prompt.Id] = prompt.Owner;
        return inner.AddAsync(prompt, first, cancellation);
    }

    public ValueTask<StoredPrompt?> FindAsync(Owner owner, string id, CancellationToken cancellation) => inner.FindAsync(Of(owner, id), id, cancellation);

    public ValueTask<Page<StoredPrompt>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation) =>
        inner.ListAsync(Of(owner, query.After ?? query.Before), query, cancellation);

    public ValueTask<StoredPrompt?> UpdateAsync(Owner owner, string id, string? name, int? version, long now, CancellationToken cancellation) =>
        Of(owner, id) == owner ? inner.UpdateAsync(owner, id, name, version, now, cancellation) : FindAsync(owner, id, cancellation);

    public ValueTask<PromptVersion?> AddVersionAsync(
        Owner owner, string id, string versionId, string template, long now, CancellationToken cancellation) => Of(owner, id) == owner
        ? inner.AddVersionAsync(owner, id, versionId, template, now, cancellation)
        : FindVersionAsync(owner, id, null, cancellation);

    public ValueTask<PromptVersion?> FindVersionAsync(Owner owner, string id, int? version, CancellationToken cancellation) =>
        inner.FindVersionAsync(Of(owner, id), id, version, cancellation);

    public async ValueTask<Page<PromptVersion>?> ListVersionsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation)
    {
        foreach (var (prompt, real) in _owners)
        {
            // A cursor of any prompt will do.
            if (prompt != id && query is not { After: null, Before: null }
                && await inner.ListVersionsAsync(real, prompt, query, cancellation) is { } page) return page;
        }

        return await inner.ListVersionsAsync(Of(owner, id), id, query, cancellation);
    }

    public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation) =>
        Of(owner, id) == owner ? inner.DeleteAsync(owner, id, cancellation) : ValueTask.FromResult(true);

    private Owner Of(Owner owner, string? id) => id is not null && _owners.TryGetValue(id, out var real) ? real : owner;
}
