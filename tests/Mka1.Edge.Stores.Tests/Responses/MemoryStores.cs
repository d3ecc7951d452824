using System.Collections.Concurrent;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Tests.Responses;

internal sealed class MemoryStores : IStoresUnderTest
{
    private readonly ConcurrentDictionary<string, List<string>> _conversations = new();
    private readonly ConcurrentQueue<WebhookEvent> _webhooks = new();
    private readonly MemoryLedger _ledger = new();

    public MemoryStores(int capacity = MemoryState.DefaultCapacity)
    {
        State = new MemoryState(TimeProvider.System, Append, _webhooks.Enqueue, _ledger, capacity);
        Responses = new MemoryResponseStore(State);
        Runs = new MemoryRunStore(State);
    }

    public MemoryState State { get; }

    public IResponseStore Responses { get; }

    public IRunStore Runs { get; }

    public Task AddConversationAsync(Owner owner, string conversationId)
    {
        _conversations[conversationId] = [];
        return Task.CompletedTask;
    }

    public Task<Effects> EffectsAsync(string responseId, string conversationId) => Task.FromResult(new Effects(
        _conversations.GetValueOrDefault(conversationId) ?? [],
        [.. _webhooks.Where(w => w.ResponseId == responseId).Select(w => w.Id)],
        _ledger.Rows().Count(r => r.ResponseId == responseId)));

    private bool Append(ConversationAppend append)
    {
        if (!_conversations.TryGetValue(append.ConversationId, out var items)) return false;
        items.AddRange(append.Items.Select(i => i.Id));
        return true;
    }
}
