using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Prompts;

/// <summary>Prompt templates that live as long as the process.</summary>
/// <param name="capacity">Versions kept, of all prompts together; beyond it the oldest prompts go.</param>
public sealed class MemoryPromptStore(int capacity = MemoryPromptStore.DefaultCapacity) : IPromptStore
{
    /// <summary>Versions kept when nobody says otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock _gate = new();

    /// <summary>By creation, oldest first.</summary>
    private readonly List<Entry> _prompts = [];

    private int _count;

    public ValueTask AddAsync(StoredPrompt prompt, PromptVersion first, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_prompts.All(p => p.Prompt.Id != prompt.Id))
            {
                var added = new Entry(prompt);
                _prompts.Add(added);
                Add(added, first);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<StoredPrompt?> FindAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Find(owner, id)?.Prompt);
    }

    public ValueTask<Page<StoredPrompt>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Pages.Of([.. _prompts.Where(p => p.Prompt.Owner == owner).Select(p => p.Prompt)], p => p.Id, query));
        }
    }

    public ValueTask<StoredPrompt?> UpdateAsync(Owner owner, string id, string? name, int? version, long now, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(owner, id) is not { } found || (version is { } wanted && found.Versions.All(v => v.Version != wanted)))
                return ValueTask.FromResult<StoredPrompt?>(null);
            found.Prompt = found.Prompt with { Name = name ?? found.Prompt.Name, CurrentVersion = version ?? found.Prompt.CurrentVersion, UpdatedAt = now };
            return ValueTask.FromResult<StoredPrompt?>(found.Prompt);
        }
    }

    public ValueTask<PromptVersion?> AddVersionAsync(Owner owner, string id, string versionId, string template, long now, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(owner, id) is not { } found) return ValueTask.FromResult<PromptVersion?>(null);
            var version = new PromptVersion(versionId, found.Versions[^1].Version + 1, template, now);
            found.Prompt = found.Prompt with { CurrentVersion = version.Version, UpdatedAt = now };
            Add(found, version);
            return ValueTask.FromResult<PromptVersion?>(version);
        }
    }

    public ValueTask<PromptVersion?> FindVersionAsync(Owner owner, string id, int? version, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var found = Find(owner, id);
            return ValueTask.FromResult(found?.Versions.Find(v => v.Version == (version ?? found.Prompt.CurrentVersion)));
        }
    }

    public ValueTask<Page<PromptVersion>?> ListVersionsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation = default)
    {
        lock (_gate) return ValueTask.FromResult(Find(owner, id) is { } found ? Pages.Of(found.Versions, v => v.Id, query) : null);
    }

    public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (Find(owner, id) is not { } found) return ValueTask.FromResult(false);
            Drop(found);
            return ValueTask.FromResult(true);
        }
    }

    private Entry? Find(Owner owner, string id) => _prompts.Find(p => p.Prompt.Id == id && p.Prompt.Owner == owner);

    private void Add(Entry entry, PromptVersion version)
    {
        entry.Versions.Add(version);
        _count++;
        while (_count > capacity && _prompts[0] != entry) Drop(_prompts[0]);
        if (_count <= capacity) return;

        // One prompt fills the store by itself: its oldest versions go.
        entry.Versions.RemoveAt(0);
        _count--;
    }

    private void Drop(Entry entry)
    {
        _prompts.Remove(entry);
        _count -= entry.Versions.Count;
    }

    private sealed class Entry(StoredPrompt prompt)
    {
        public StoredPrompt Prompt { get; set; } = prompt;

        /// <summary>By number.</summary>
        public List<PromptVersion> Versions { get; } = [];
    }
}
