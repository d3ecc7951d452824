using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Responses;

/// <summary>A response to take in, with everything that must be committed with it or not at all.</summary>
/// <param name="Response">The response: just begun, queued, or already finished.</param>
/// <param name="ItemIds">Ids under which its items can be referred to: input, and output when it is finished.</param>
/// <param name="Run">The run behind it; null exactly when the response is finished.</param>
/// <param name="Conversation">Items to append to a conversation; for a finished response only.</param>
/// <param name="Webhook">Notification to send; null for none.</param>
/// <param name="Ledger">What it cost; for a finished response only.</param>
public sealed record ResponseAddition(
    StoredResponse Response,
    IReadOnlyList<string> ItemIds,
    NewRun? Run = null,
    ConversationAppend? Conversation = null,
    WebhookEvent? Webhook = null,
    LedgerEntry? Ledger = null);
