using System.Globalization;
using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Prompts;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The prompts resource (contract.md J): templates, and versions that are never changed once written.</summary>
internal static class PromptEndpoints
{
    private const int MaxPage = 100;

    private static readonly ApiError NotFound =
        new(ErrorCode.NotFound, "There is no such prompt or version. It may have been deleted, or belong to another tenant or end user.");

    public static void Map(IEndpointRouteBuilder api)
    {
        var prompts = api.MapGroup("/prompts");
        prompts.MapPost("", CreateAsync);
        prompts.MapGet("", ListAsync);
        prompts.MapGet("/{id}", GetAsync);
        prompts.MapMethods("/{id}", [HttpMethods.Post, HttpMethods.Patch], UpdateAsync);
        prompts.MapDelete("/{id}", DeleteAsync);
        prompts.MapPost("/{id}/versions", AddVersionAsync);
        prompts.MapGet("/{id}/versions", ListVersionsAsync);
        prompts.MapGet("/{id}/versions/{version}", GetVersionAsync);
        prompts.MapPost("/{id}/rollback", RollBackAsync);
    }

    private static async Task CreateAsync(HttpContext http, IPromptStore store, TimeProvider clock)
    {
        if (await EndpointBody.ReadAsync(http, static body => PromptParser.ParseCreate(body)) is not { } request) return;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var prompt = new StoredPrompt(ResponseIds.New(ResponseIds.Prompt), http.Caller().Owner, request.Name, now, now, CurrentVersion: 1);
        await store.AddAsync(prompt, new PromptVersion(ResponseIds.New(ResponseIds.PromptVersion), 1, request.Template, now), http.RequestAborted);
        await SendAsync(http, prompt);
    }

    private static async Task ListAsync(HttpContext http, IPromptStore store)
    {
        if (PageParameters.Read(http.Request.Query, MaxPage, descending: true, out var page) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        if (await store.ListAsync(http.Caller().Owner, page, http.RequestAborted) is { } found)
            await ErrorResponses.SendAsync(http.Response, ListBody.Of([.. found.Entries.Select(entry => (entry.Id, Json(entry)))], found.HasMore));
        else await http.RefuseAsync(PageParameters.UnknownCursor(page));
    }

    private static async Task GetAsync(HttpContext http, string id, IPromptStore store) =>
        await SendAsync(http, await store.FindAsync(http.Caller().Owner, id, http.RequestAborted));

    private static async Task UpdateAsync(HttpContext http, string id, IPromptStore store, TimeProvider clock) =>
        await ChangeAsync(http, id, await EndpointBody.ReadAsync(http, static body => PromptParser.ParseUpdate(body)), store, clock);

    private static async Task RollBackAsync(HttpContext http, string id, IPromptStore store, TimeProvider clock) =>
        await ChangeAsync(http, id, await EndpointBody.ReadAsync(http, static body => PromptParser.ParseRollback(body)), store, clock);

    private static async Task ChangeAsync(HttpContext http, string id, UpdatePromptRequest? request, IPromptStore store, TimeProvider clock)
    {
        if (request is null) return;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        await SendAsync(http, await store.UpdateAsync(http.Caller().Owner, id, request.Name, request.Version, now, http.RequestAborted));
    }

    private static async Task DeleteAsync(HttpContext http, string id, IPromptStore store)
    {
        if (!await store.DeleteAsync(http.Caller().Owner, id, http.RequestAborted))
        {
            await http.RefuseAsync(NotFound);
            return;
        }

        await ErrorResponses.SendAsync(
            http.Response, JsonSerializer.SerializeToUtf8Bytes(new DeletedObject(id, DeletedObject.Prompt), ResponsesJson.Wire.DeletedObject));
    }

    private static async Task AddVersionAsync(HttpContext http, string id, IPromptStore store, TimeProvider clock)
    {
        if (await EndpointBody.ReadAsync(http, static body => PromptParser.ParseVersion(body)) is not { } template) return;
        var versionId = ResponseIds.New(ResponseIds.PromptVersion);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        await SendAsync(http, id, await store.AddVersionAsync(http.Caller().Owner, id, versionId, template, now, http.RequestAborted));
    }

    private static async Task ListVersionsAsync(HttpContext http, string id, IPromptStore store)
    {
        if (PageParameters.Read(http.Request.Query, MaxPage, descending: true, out var page) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        var owner = http.Caller().Owner;
        if (await store.ListVersionsAsync(owner, id, page, http.RequestAborted) is { } found)
            await ErrorResponses.SendAsync(http.Response, ListBody.Of([.. found.Entries.Select(entry => (entry.Id, Json(id, entry)))], found.HasMore));
        else if (await store.FindAsync(owner, id, http.RequestAborted) is null) await http.RefuseAsync(NotFound);
        else await http.RefuseAsync(PageParameters.UnknownCursor(page));
    }

    private static async Task GetVersionAsync(HttpContext http, string id, string version, IPromptStore store)
    {
        var found = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await store.FindVersionAsync(http.Caller().Owner, id, number, http.RequestAborted)
            : null;
        await SendAsync(http, id, found);
    }

    private static Task SendAsync(HttpContext http, StoredPrompt? prompt) =>
        prompt is null ? http.RefuseAsync(NotFound) : ErrorResponses.SendAsync(http.Response, Json(prompt));

    private static Task SendAsync(HttpContext http, string id, PromptVersion? version) =>
        version is null ? http.RefuseAsync(NotFound) : ErrorResponses.SendAsync(http.Response, Json(id, version));

    private static ReadOnlyMemory<byte> Json(StoredPrompt prompt) => JsonSerializer.SerializeToUtf8Bytes(
        new PromptObject(prompt.Id, prompt.Name, prompt.CurrentVersion, prompt.CreatedAt, prompt.UpdatedAt), ResponsesJson.Wire.PromptObject);

    private static ReadOnlyMemory<byte> Json(string promptId, PromptVersion version) => JsonSerializer.SerializeToUtf8Bytes(
        new PromptVersionObject(version.Id, promptId, version.Version, version.Template, PromptPlaceholders.Names(version.Template), version.CreatedAt),
        ResponsesJson.Wire.PromptVersionObject);
}
