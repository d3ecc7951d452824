using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Webhooks;

/// <summary>One notification, delivered at least once under the same id.</summary>
/// <param name="Id"><c>evt_</c> and 32 hexadecimal digits.</param>
/// <param name="Owner">Whose response it is about; of a safety subject, its tenant.</param>
/// <param name="ResponseId">What it is about: the response, or the safety subject.</param>
/// <param name="Target">Whom to notify.</param>
/// <param name="Type"><c>response.completed</c> and so on.</param>
/// <param name="Payload">The body to send.</param>
public sealed record WebhookEvent(string Id, Owner Owner, string ResponseId, WebhookTarget Target, string Type, ReadOnlyMemory<byte> Payload);
