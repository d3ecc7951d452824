using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Prompts;

/// <summary>
/// Prompt templates and their versions. Whoever asks names an owner; what belongs to another owner is not there. Every method
/// throws <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IPromptStore
{
    /// <summary>Adds a prompt with its first version.</summary>
    ValueTask AddAsync(StoredPrompt prompt, PromptVersion first, CancellationToken cancellation = default);

    ValueTask<StoredPrompt?> FindAsync(Owner owner, string id, CancellationToken cancellation = default);

    /// <summary>The owner's prompts by creation. An unknown cursor gives null.</summary>
    ValueTask<Page<StoredPrompt>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default);

    /// <summary>Renames a prompt, and makes another of its versions the one in use; null leaves either as it is.</summary>
    /// <returns>The prompt as it is now; null when it or the version is not there.</returns>
    ValueTask<StoredPrompt?> UpdateAsync(Owner owner, string id, string? name, int? version, long now, CancellationToken cancellation = default);

    /// <summary>Adds a version and makes it the one in use. The store gives it its number.</summary>
    /// <returns>The version; null when there is no such prompt.</returns>
    ValueTask<PromptVersion?> AddVersionAsync(Owner owner, string id, string versionId, string template, long now, CancellationToken cancellation = default);

    /// <summary>A version by its number, or the one in use.</summary>
    ValueTask<PromptVersion?> FindVersionAsync(Owner owner, string id, int? version, CancellationToken cancellation = default);

    /// <summary>Versions by number; cursors are version ids. Null when there is no such prompt or cursor.</summary>
    ValueTask<Page<PromptVersion>?> ListVersionsAsync(Owner owner, string id, PageQuery query, CancellationToken cancellation = default);

    ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default);
}
