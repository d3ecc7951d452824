using System.Text.Json;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary><c>POST /responses/input_tokens</c>: how many tokens a create request would have the model read.</summary>
internal static class InputTokensEndpoints
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/responses/input_tokens", CountAsync);

    private static async Task CountAsync(HttpContext http, RunPreparation preparation, TokenCounter counter, TimeProvider clock)
    {
        var run = new ResponseRun(http.Edge(), clock.GetUtcNow(), clock.GetTimestamp());
        http.Edge().Run = run;
        SafetyHeader.Announce(http, run);
        if (await preparation.PrepareAsync(run, http) is { } wrong)
        {
            await http.RefuseAsync(wrong);
            return;
        }

        var (tokens, refusal) = await counter.CountAsync(run, whole: false, http.RequestAborted);
        if (refusal is not null) await http.RefuseAsync(refusal);
        else await ErrorResponses.SendAsync(http.Response, JsonSerializer.SerializeToUtf8Bytes(new InputTokenCount(tokens), ResponsesJson.Wire.InputTokenCount));
    }
}
