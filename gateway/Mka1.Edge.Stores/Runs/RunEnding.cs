using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Runs;

/// <summary>The end of a run, with everything that must be committed with it or not at all.</summary>
/// <param name="Owner">Whose response it is.</param>
/// <param name="ResponseId">The response.</param>
/// <param name="Fence">The fencing token under which the run was taken up; null to end it whoever has it (cancel).</param>
/// <param name="Status">A terminal status.</param>
/// <param name="Body">The response object.</param>
/// <param name="OutputItemIds">Ids of the items in its output.</param>
/// <param name="TerminalSequence">Number of the terminal event; null when there is no stream.</param>
/// <param name="Conversation">Items to append to a conversation. A conversation deleted in the meantime is passed over.</param>
/// <param name="Webhook">Notification to send.</param>
/// <param name="Ledger">What it cost.</param>
public sealed record RunEnding(
    Owner Owner,
    string ResponseId,
    int? Fence,
    StoredStatus Status,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<string> OutputItemIds,
    long? TerminalSequence = null,
    ConversationAppend? Conversation = null,
    WebhookEvent? Webhook = null,
    LedgerEntry? Ledger = null);
