using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Runs;

/// <summary>A run to keep track of: who asked, and all that another replica needs to take it up.</summary>
/// <param name="KeyId">The key it was asked for with.</param>
/// <param name="RequestId">The id of the request that began it.</param>
/// <param name="Replica">The replica that runs it; null when it is queued for any.</param>
/// <param name="Priority">Higher goes first among queued runs.</param>
/// <param name="Request">The client's request body.</param>
/// <param name="Context">The input that the model gets in place of the request's own: a JSON array; null when it is the request's.</param>
/// <param name="Webhook">Whom to tell; null for nobody.</param>
/// <param name="Delegation">The delegated key it was asked for with; null when it was the key itself.</param>
public sealed record NewRun(
    string KeyId,
    string RequestId,
    string? Replica,
    int Priority,
    ReadOnlyMemory<byte> Request,
    ReadOnlyMemory<byte>? Context,
    WebhookTarget? Webhook,
    Delegation? Delegation = null);
