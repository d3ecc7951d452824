using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Runs;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>The responses resource (contract.md A.1): create, read, follow, change, cancel, delete.</summary>
internal static class ResponseEndpoints
{
    private const int MaxPage = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        var responses = api.MapGroup("/responses");
        responses.MapPost("", Create);
        responses.MapGet("", ListAsync);
        responses.MapGet("/{id}", GetAsync);
        responses.MapPost("/{id}", UpdateAsync);
        responses.MapDelete("/{id}", DeleteAsync);
        responses.MapPost("/{id}/cancel", CancelAsync);
        responses.MapGet("/{id}/input_items", ListInputAsync);
    }

    private static Task Create(HttpContext http, RunPipeline pipeline) => pipeline.RunAsync(http);

    private static async Task GetAsync(HttpContext http, string id, IResponseStore responses, StreamFollower follower)
    {
        if (ResponseQuery.Read(http.Request, out var query) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        if (await OwnedResponse.FindAsync(http, id, responses) is not { } response) return;
        if (query.Stream)
        {
            var obfuscate = query.IncludeObfuscation ?? http.Edge().Snapshot.Config.Compatibility.Obfuscation;
            if (!await follower.FollowAsync(http, response.Owner, response.Id, query.StartingAfter, obfuscate)) await http.RefuseAsync(OwnedResponse.NotFound);
            return;
        }

        await ErrorResponses.SendAsync(http.Response, IncludeFilter.Apply(StoredBody.Seen(response), query.Include));
    }

    private static async Task ListAsync(HttpContext http, IResponseStore responses)
    {
        if (PageParameters.Read(http.Request.Query, MaxPage, descending: true, out var page) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        if (await responses.ListAsync(http.Caller().Owner, page, http.RequestAborted) is not { } found)
        {
            await http.RefuseAsync(PageParameters.UnknownCursor(page));
            return;
        }

        var data = found.Entries.Select(entry => (entry.Id, IncludeFilter.Apply(StoredBody.Seen(entry), []))).ToList();
        await ErrorResponses.SendAsync(http.Response, ListBody.Of(data, found.HasMore));
    }

    private static async Task UpdateAsync(HttpContext http, string id, IResponseStore responses)
    {
        if (await MetadataBody.ReadAsync(http) is not { } metadata) return;
        if (await OwnedResponse.FindAsync(http, id, responses) is null) return;
        if (await responses.SetMetadataAsync(http.Caller().Owner, id, metadata, http.RequestAborted) is { } changed)
            await ErrorResponses.SendAsync(http.Response, IncludeFilter.Apply(StoredBody.Seen(changed), []));
        else await http.RefuseAsync(OwnedResponse.NotFound);
    }

    private static async Task DeleteAsync(HttpContext http, string id, IResponseStore responses, RunCanceller canceller, IStreamLog log)
    {
        if (await OwnedResponse.FindAsync(http, id, responses) is not { } response) return;

        // A run that goes on is ended first: nothing may write to what is gone.
        if (!response.IsTerminal) await canceller.CancelAsync(response.Owner, response);
        if (!await responses.DeleteAsync(response.Owner, id, http.RequestAborted))
        {
            await http.RefuseAsync(OwnedResponse.NotFound);
            return;
        }

        await ForgetStreamAsync(log, id);
        await ErrorResponses.SendAsync(http.Response, JsonSerializer.SerializeToUtf8Bytes(new DeletedResponse(id), ResponsesJson.Wire.DeletedResponse));
    }

    private static async Task CancelAsync(HttpContext http, string id, IResponseStore responses, RunCanceller canceller)
    {
        if (await OwnedResponse.FindAsync(http, id, responses) is not { } response) return;
        if (!response.Background)
        {
            await http.RefuseAsync(new ApiError(
                ErrorCode.InvalidState, "Only background responses can be cancelled. To stop this one, close the connection that reads it.", "id"));
            return;
        }

        var now = response.IsTerminal ? response : await canceller.CancelAsync(response.Owner, response);
        if (now is null) await http.RefuseAsync(OwnedResponse.NotFound);
        else await ErrorResponses.SendAsync(http.Response, IncludeFilter.Apply(StoredBody.Seen(now), []));
    }

    private static async Task ListInputAsync(HttpContext http, string id, IResponseStore responses)
    {
        if (PageParameters.Read(http.Request.Query, MaxPage, descending: true, out var page) is { } wrongPage)
        {
            await http.RefuseAsync(wrongPage);
            return;
        }

        if (ResponseQuery.ReadInclude(http.Request.Query, out var include) is { } wrongInclude)
        {
            await http.RefuseAsync(wrongInclude);
            return;
        }

        if (await OwnedResponse.FindAsync(http, id, responses) is not { } response) return;
        if (InputItems.Page(response.Input, page) is not { } found) await http.RefuseAsync(PageParameters.UnknownCursor(page));
        else await ErrorResponses.SendAsync(http.Response, ListBody.Of([.. found.Entries.Select(item => (item.Id, IncludeFilter.ApplyToItem(item.Json, include)))], found.HasMore));
    }

    private static async ValueTask ForgetStreamAsync(IStreamLog log, string id)
    {
        try
        {
            await log.DeleteAsync(id);
        }
        catch (StoreUnavailableException)
        {
            // Nobody can reach it without its response, and it expires by itself.
        }
    }
}
