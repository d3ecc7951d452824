using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>Finds items by their ids, wherever their owner has them: in responses, as input or output, and in conversations.</summary>
internal sealed class ItemLookup(IResponseStore responses, IConversationStore conversations)
{
    /// <summary>Those of the items that are there, by id. Of several with one id, the newest.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ContextItem>> FindAsync(Owner owner, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var found = new Dictionary<string, ContextItem>(StringComparer.Ordinal);
        foreach (var response in await responses.FindByItemsAsync(owner, ids, cancellation))
        {
            foreach (var item in ContextItem.OfOutput(response.Body).Concat(ContextItem.OfArray(response.Input)))
            {
                if (item.Item.Id is { } id && ids.Contains(id)) found.TryAdd(id, item);
            }
        }

        string[] missing = [.. ids.Where(id => !found.ContainsKey(id))];
        if (missing.Length == 0) return found;
        foreach (var item in await conversations.FindItemsAsync(owner, missing, cancellation)) found.TryAdd(item.Id, ContextItem.Of(item.Body));
        return found;
    }
}
