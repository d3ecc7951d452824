using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Safety;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores;

/// <summary>The stores in memory whose changes go together, put together.</summary>
public sealed class MemoryStoreSet
{
    public MemoryStoreSet(TimeProvider clock, ILedger ledger)
    {
        Conversations = new MemoryConversationStore();
        Webhooks = new MemoryWebhookOutbox(clock);
        Safety = new MemorySafetyStore(Webhooks.Enqueue);
        var state = new MemoryState(clock, Conversations.TryAppend, Webhooks.Enqueue, ledger);
        Responses = new MemoryResponseStore(state);
        Runs = new MemoryRunStore(state);
    }

    public MemoryResponseStore Responses { get; }

    public MemoryRunStore Runs { get; }

    public MemoryConversationStore Conversations { get; }

    public MemoryWebhookOutbox Webhooks { get; }

    public MemorySafetyStore Safety { get; }
}
