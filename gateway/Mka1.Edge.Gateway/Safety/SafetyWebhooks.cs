using System.Buffers;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>Makes the notification of a step for the tenant's receiver. It names the subject by its hash.</summary>
internal sealed class SafetyWebhooks(EdgeConfiguration configuration, WebhookTargets targets)
{
    private const string IdPrefix = "evt_";
    private const string Type = "safety.step";

    /// <summary>The notification; null when the tenant has no receiver.</summary>
    public WebhookEvent? Of(string tenant, SafetySubject subject, SafetyStep step)
    {
        if (configuration.Current.Config.Tenants.GetValueOrDefault(tenant)?.SafetyWebhook is not { } receiver) return null;
        var id = ResponseIds.New(IdPrefix);
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("object"u8, "event"u8);
            json.WriteNumber("created_at"u8, step.At.ToUnixTimeSeconds());
            json.WriteString("type"u8, Type);
            json.WriteStartObject("data"u8);
            json.WriteString("subject"u8, subject.Id);
            json.WriteString("from"u8, step.From.Name());
            json.WriteString("to"u8, step.To.Name());
            json.WriteNumber("score"u8, Math.Round(step.Score, 3));
            json.WriteString("reason"u8, step.Reason.Name());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new WebhookEvent(id, new Owner(tenant, null), subject.Id, targets.Create(subject.Id, receiver.Url, receiver.Secret), Type, body.WrittenMemory);
    }
}
