using System.Buffers;
using System.Text.Json;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Webhooks;

/// <summary>Makes the notification that a response has reached a status (contract.md F.3). It names the response and holds nothing of it.</summary>
internal static class WebhookEvents
{
    private const string IdPrefix = "evt_";

    /// <summary>The notification of a status for whoever asked for one; null when nobody did.</summary>
    public static WebhookEvent? For(Owner owner, string responseId, WebhookTarget? target, ResponseStatus status, DateTimeOffset now) =>
        target is null ? null : For(owner, responseId, target, JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()), now);

    /// <summary>Makes a notification under an id of its own.</summary>
    /// <param name="owner">Whose response it is.</param>
    /// <param name="responseId">The response.</param>
    /// <param name="target">Whom to tell.</param>
    /// <param name="status">The status as the wire names it.</param>
    /// <param name="now">When it got there.</param>
    public static WebhookEvent For(Owner owner, string responseId, WebhookTarget target, string status, DateTimeOffset now)
    {
        var id = ResponseIds.New(IdPrefix);
        var type = "response." + status;
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("object"u8, "event"u8);
            json.WriteNumber("created_at"u8, now.ToUnixTimeSeconds());
            json.WriteString("type"u8, type);
            json.WriteStartObject("data"u8);
            json.WriteString("id"u8, responseId);
            json.WriteString("status"u8, status);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new WebhookEvent(id, owner, responseId, target, type, body.WrittenMemory);
    }
}
