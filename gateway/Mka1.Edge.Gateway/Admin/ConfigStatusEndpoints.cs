using System.Diagnostics;
using System.Text.Json;
using Mka1.Edge.Gateway.Reload;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>Which configuration this replica serves by, and an operator's ways to change that.</summary>
internal static class ConfigStatusEndpoints
{
    private const int MaxBody = 4096;

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider gateway)
    {
        var reloader = gateway.GetRequiredService<ConfigReloader>();
        routes.MapGet("/config/status", () => TypedResults.Json(ConfigStatus.Of(reloader), AdminJson.Default.ConfigStatus));
        routes.MapPost("/config/reload", async (CancellationToken cancellation) => Answer(reloader, await reloader.ReloadAsync(ConfigSource.Admin, cancellation)));
        routes.MapPost("/config/rollback", async (HttpContext http) =>
        {
            var (wanted, fault) = await WantedAsync(http);
            return Answer(reloader, fault ?? await reloader.RollBackAsync(wanted, http.RequestAborted));
        });
    }

    private static JsonHttpResult<ReloadAnswer> Answer(ConfigReloader reloader, ReloadOutcome outcome)
    {
        var status = ConfigStatus.Of(reloader);
        return outcome switch
        {
            ReloadOutcome.Applied applied => Json(new ReloadAnswer("applied", applied.Changes, null, status), StatusCodes.Status200OK),
            ReloadOutcome.Unchanged => Json(new ReloadAnswer("unchanged", null, null, status), StatusCodes.Status200OK),
            ReloadOutcome.Refused refused => Json(new ReloadAnswer("refused", null, refused.Faults, status), StatusCodes.Status422UnprocessableEntity),
            ReloadOutcome.Impossible impossible => Json(new ReloadAnswer("impossible", null, [impossible.Reason], status), StatusCodes.Status409Conflict),
            _ => throw new UnreachableException(),
        };
    }

    private static JsonHttpResult<ReloadAnswer> Json(ReloadAnswer answer, int status) => TypedResults.Json(answer, AdminJson.Default.ReloadAnswer, statusCode: status);

    /// <summary>The version that a body names; a call without one means the version before.</summary>
    private static async Task<(string? Version, ReloadOutcome? Fault)> WantedAsync(HttpContext http)
    {
        if (http.Request.ContentLength is 0 or null && !http.Request.Headers.ContainsKey("Transfer-Encoding")) return (null, null);
        if (http.Request.ContentLength is not <= MaxBody) return (null, Misread);
        try
        {
            return ((await JsonSerializer.DeserializeAsync(http.Request.Body, AdminJson.Default.RollbackBody, http.RequestAborted))?.Version, null);
        }
        catch (JsonException)
        {
            return (null, Misread);
        }
    }

    private static ReloadOutcome Misread { get; } = new ReloadOutcome.Impossible("Send no body, or {\"version\": \"…\"} with one of the versions of /admin/v1/config/status.");
}
