using System.Diagnostics;
using System.Text.Json;
using Mka1.Edge.Gateway.Identity;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The keys resource: a tenant's administrators see to its keys. Secrets are shown once, in the answer that made them.</summary>
internal static class KeyEndpoints
{
    private const int MaxPage = 100;
    private const int MaxOverlapSeconds = 30 * 24 * 3600;

    private static readonly ApiError NotFound =
        new(ErrorCode.NotFound, "There is no such key, or no such secret of it. It may be revoked, or belong to another tenant.");

    public static void Map(IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys");
        keys.MapPost("", CreateAsync);
        keys.MapGet("", ListAsync);
        keys.MapGet("/{id}", GetAsync);
        keys.MapPost("/{id}/rotate", RotateAsync);
        keys.MapDelete("/{id}", RevokeAsync);
    }

    private static async Task CreateAsync(HttpContext http, KeyService keys)
    {
        if (await EndpointBody.ReadAsync(http, static body => KeyBody.Parse(body)) is not { } body) return;
        if (body.Settings() is not { } settings)
        {
            await http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, "'expires_at' must be an instant in seconds since 1970.", "expires_at"));
            return;
        }

        var id = body.Id ?? ResponseIds.New("key_");
        await SendAsync(http, keys, id, await keys.CreateAsync(Tenant(http), id, settings, delegation: false, http.RequestAborted));
    }

    private static async Task ListAsync(HttpContext http, KeyService keys)
    {
        if (PageParameters.Read(http.Request.Query, MaxPage, descending: true, out var page) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        if (Pages.Of(await keys.ListAsync(Tenant(http), http.RequestAborted), key => key.Id, page) is { } found)
            await ErrorResponses.SendAsync(http.Response, ListBody.Of([.. found.Entries.Select(key => (key.Id, Json(key)))], found.HasMore));
        else await http.RefuseAsync(PageParameters.UnknownCursor(page));
    }

    private static async Task GetAsync(HttpContext http, string id, KeyService keys)
    {
        if ((await keys.ListAsync(Tenant(http), http.RequestAborted)).FirstOrDefault(key => key.Id == id) is { } found)
            await ErrorResponses.SendAsync(http.Response, Json(found));
        else await http.RefuseAsync(NotFound);
    }

    private static async Task RotateAsync(HttpContext http, string id, KeyService keys)
    {
        var body = await EndpointBody.ReadAsync(
            http, static body => body.IsEmpty ? new ParseResult<RotateBody>.Parsed(new RotateBody()) : KeyBody.Parse<RotateBody>(body));
        if (body is null) return;
        if (body.OverlapSeconds is < 0 or > MaxOverlapSeconds)
        {
            await http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, $"'overlap_seconds' must be from 0 to {MaxOverlapSeconds}.", "overlap_seconds"));
            return;
        }

        var overlap = body.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : KeyService.DefaultOverlap;
        await SendAsync(http, keys, id, await keys.RotateAsync(Tenant(http), id, overlap, http.RequestAborted));
    }

    private static async Task RevokeAsync(HttpContext http, string id, KeyService keys)
    {
        if (QueryParameters.Text(http.Request.Query, "secret", out var secret) is { } wrong) await http.RefuseAsync(wrong);
        else await SendAsync(http, keys, id, await keys.RevokeAsync(Tenant(http), id, secret, http.RequestAborted));
    }

    private static Task SendAsync(HttpContext http, KeyService keys, string id, KeyResult result) => result switch
    {
        KeyResult.Done done => ErrorResponses.SendAsync(http.Response, Json(keys.View(Tenant(http), id, done.Key) with { Key = done.Secret })),
        KeyResult.Unknown => http.RefuseAsync(NotFound),
        KeyResult.Refused refused => http.RefuseAsync(new ApiError(ErrorCode.InvalidValue, refused.Faults[0], Param(refused.Faults[0]))),
        _ => throw new UnreachableException(),
    };

    /// <summary>The member that a fault names: <c>key.models[0]: …</c> is about <c>models[0]</c>.</summary>
    private static string Param(string fault)
    {
        var name = fault[..fault.IndexOf(':', StringComparison.Ordinal)];
        return name.StartsWith("key.", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name["key.".Length..]) : name;
    }

    private static string Tenant(HttpContext http) => http.Caller().Grant.TenantId;

    private static ReadOnlyMemory<byte> Json(KeyView key) => JsonSerializer.SerializeToUtf8Bytes(key, EndpointJson.Default.KeyView);
}
