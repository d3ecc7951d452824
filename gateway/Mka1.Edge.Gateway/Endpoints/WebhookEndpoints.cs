using System.Buffers;
using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The delivery log of a response's webhooks, and sending one again.</summary>
internal static class WebhookEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var deliveries = api.MapGroup("/responses/{id}/webhook_deliveries");
        deliveries.MapGet("", ListAsync);
        deliveries.MapPost("/{eventId}/redeliver", RedeliverAsync);
    }

    private static async Task ListAsync(HttpContext http, string id, [FromServices] IResponseStore responses, IWebhookOutbox outbox)
    {
        if (await OwnedResponse.FindAsync(http, id, responses) is null) return;
        var owner = http.Caller().Owner;
        var deliveries = await outbox.ListAsync(owner, id, http.RequestAborted);
        await SendAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var delivery in deliveries) Write(json, delivery);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task RedeliverAsync(
        HttpContext http, string id, string eventId, [FromServices] IResponseStore responses, IWebhookOutbox outbox, WebhookSender sender)
    {
        if (await OwnedResponse.FindAsync(http, id, responses) is null) return;
        var owner = http.Caller().Owner;
        var known = await outbox.RedeliverAsync(owner, id, eventId, http.RequestAborted);
        var deliveries = known ? await outbox.ListAsync(owner, id, http.RequestAborted) : [];
        if (deliveries.FirstOrDefault(d => d.Event.Id == eventId) is not { } delivery)
        {
            await http.RefuseAsync(OwnedResponse.NotFound);
            return;
        }

        sender.Wake();
        await SendAsync(http, json => Write(json, delivery));
    }

    /// <summary>Neither the url nor the secret: the log may be read by more people than those who may send to the receiver.</summary>
    private static void Write(Utf8JsonWriter json, WebhookDelivery delivery)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, delivery.Event.Id);
        json.WriteString("object"u8, "webhook_delivery"u8);
        json.WriteString("type"u8, delivery.Event.Type);
        json.WriteNumber("created_at"u8, delivery.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("state"u8, delivery.State switch
        {
            WebhookState.Delivered => "delivered"u8,
            WebhookState.Failed => "failed"u8,
            _ => "pending"u8,
        });
        WriteTime(json, "next_attempt_at"u8, delivery.NextAttemptAt);
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in delivery.Attempts)
        {
            json.WriteStartObject();
            WriteTime(json, "at"u8, attempt.At);
            if (attempt.Status is { } status) json.WriteNumber("status"u8, status);
            else json.WriteNull("status"u8);
            json.WriteString("error"u8, attempt.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known) json.WriteNumber(name, known.ToUnixTimeSeconds());
        else json.WriteNull(name);
    }

    private static Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body)) write(json);
        return ErrorResponses.SendAsync(http.Response, body.WrittenMemory);
    }
}
