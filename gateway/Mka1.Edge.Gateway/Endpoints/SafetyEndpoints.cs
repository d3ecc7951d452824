using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Safety;
using Microsoft.AspNetCore.Http.Features;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>
/// For a tenant's administrators: where a subject stands, an operator's word about it, and the audit. A subject is named by its
/// identifier, url-encoded, or by its id (<c>subj_…</c>), as webhooks and the audit name it.
/// </summary>
internal static class SafetyEndpoints
{
    private const int MaxPage = 100;
    private const string Resource = "/safety/";

    private static readonly ApiError NotFound =
        new(ErrorCode.NotFound, "There is no such safety subject: your tenant has sent no request for it, or it was sent in the last second.");

    private static readonly ApiError NotAdmin =
        new(ErrorCode.PermissionDenied, "This needs a key with admin rights, used for no end user. Leave X-On-Behalf-Of out.");

    public static void Map(IEndpointRouteBuilder api)
    {
        var safety = api.MapGroup("/safety");
        safety.MapGet("/audit", AuditAsync);
        safety.MapGet("/{id}", GetAsync);
        safety.MapPost("/{id}/override", OverrideAsync);
        safety.MapDelete("/{id}/override", ClearAsync);
    }

    private static async Task GetAsync(HttpContext http, ISafetyStore store, SafetyFlusher flusher)
    {
        if (await FindAsync(http, store, flusher) is { } record) await SendAsync(http, record);
    }

    private static async Task OverrideAsync(HttpContext http, SafetyDesk desk, ISafetyStore store, SafetyFlusher flusher)
    {
        if (await FindAsync(http, store, flusher) is not { } record) return;
        if (await EndpointBody.ReadAsync(http, SafetyParser.ParseOverride) is not { } request) return;
        if (!SafetyRungs.TryParse(request.Rung, out var rung)) throw new UnreachableException();
        DateTimeOffset? until = request.Until is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        if (until <= desk.Now)
        {
            await http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, "'until' must lie in the future; leave it out for no end.", "until"));
            return;
        }

        var word = new SafetyOverride(rung, until);
        await SendAsync(http, await desk.OrderAsync(new SafetyOrder.Pin(record.Tenant, record.Subject, word, ActorOf(http), request.Reason), http.RequestAborted));
    }

    private static async Task ClearAsync(HttpContext http, SafetyDesk desk, ISafetyStore store, SafetyFlusher flusher)
    {
        if (await FindAsync(http, store, flusher) is not { } record) return;
        await SendAsync(http, await desk.OrderAsync(new SafetyOrder.Clear(record.Tenant, record.Subject, ActorOf(http), "cleared"), http.RequestAborted));
    }

    private static async Task AuditAsync(HttpContext http, ISafetyStore store)
    {
        if (!IsAdmin(http))
        {
            await http.RefuseAsync(NotAdmin);
            return;
        }

        if (PageParameters.Read(http.Request.Query, MaxPage, descending: true, out var page) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        if (await store.AuditAsync(http.Caller().Grant.TenantId, page, http.RequestAborted) is not { } found) await http.RefuseAsync(PageParameters.UnknownCursor(page));
        else await ErrorResponses.SendAsync(http.Response, ListBody.Of([.. found.Entries.Select(entry => (IdOf(entry), Json(json => Write(json, entry))))], found.HasMore));
    }

    /// <summary>The subject that the address names, as the store knows it; null when the refusal has been sent.</summary>
    private static async ValueTask<SafetyRecord?> FindAsync(HttpContext http, ISafetyStore store, SafetyFlusher flusher)
    {
        if (!IsAdmin(http))
        {
            await http.RefuseAsync(NotAdmin);
            return null;
        }

        // So that what was seen here a moment ago is in it. When the store is away, reading it says so.
        await flusher.FlushAsync(http.RequestAborted);
        var tenant = http.Caller().Grant.TenantId;
        var named = NameOf(http);
        var subject = SafetySubject.OfId(named) ?? SafetySubject.Of(http.Edge().Snapshot.SafetyHashKey, tenant, named);
        var record = await store.FindAsync(tenant, subject, http.RequestAborted);
        if (record is null) await http.RefuseAsync(NotFound);
        return record;
    }

    /// <summary>As the client wrote it: the route's own value leaves an escaped slash escaped, so that two names could be one.</summary>
    private static string NameOf(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var start = target.IndexOf(Resource, StringComparison.OrdinalIgnoreCase);
        if (start < 0) return http.GetRouteValue("id")?.ToString() ?? "";
        var rest = target.AsSpan(start + Resource.Length);
        var end = rest.IndexOfAny('/', '?');
        return Uri.UnescapeDataString(end < 0 ? rest : rest[..end]);
    }

    private static bool IsAdmin(HttpContext http) => http.Caller() is { Grant.Admin: true, EndUser: null, Delegation: null };

    private static string ActorOf(HttpContext http) => "key:" + http.Caller().Grant.KeyId;

    private static string IdOf(SafetyAuditEntry entry) => entry.Seq.ToString(CultureInfo.InvariantCulture);

    private static Task SendAsync(HttpContext http, SafetyRecord record)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return ErrorResponses.SendAsync(http.Response, Json(json => SafetyJson.Write(json, record, http.Edge().Snapshot.Ladder, now)));
    }

    private static void Write(Utf8JsonWriter json, SafetyAuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, IdOf(entry));
        json.WriteString("object"u8, "safety.audit_entry"u8);
        json.WriteString("at"u8, entry.At.UtcDateTime);
        json.WriteString("actor"u8, entry.Actor);
        json.WriteString("kind"u8, entry.Kind);
        json.WriteString("subject"u8, entry.Subject.Id);
        json.WriteString("from"u8, entry.From.Name());
        json.WriteString("to"u8, entry.To.Name());
        json.WriteNumber("score"u8, entry.Score);
        json.WriteString("reason"u8, entry.Reason);
        json.WriteString("prev_hash"u8, Convert.ToHexStringLower(entry.PrevHash.Span));
        json.WriteString("hash"u8, Convert.ToHexStringLower(entry.Hash.Span));
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body)) write(json);
        return body.WrittenMemory;
    }
}
