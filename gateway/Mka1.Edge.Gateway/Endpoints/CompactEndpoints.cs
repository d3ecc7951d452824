using System.Text.Json;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.Settlement;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>
/// <c>POST /responses/compact</c>: a conversation in the form of one compaction item, to be sent as the next input in place of
/// what it stands for. It costs what a run costs, and is settled like one.
/// </summary>
internal static class CompactEndpoints
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/responses/compact", CompactAsync);

    private static async Task CompactAsync(
        HttpContext http, RunPreparation preparation, Compactor compactor, RunQuota quota, RunSettlement settlement, TimeProvider clock)
    {
        var run = new ResponseRun(http.Edge(), clock.GetUtcNow(), clock.GetTimestamp());
        http.Edge().Run = run;
        SafetyHeader.Announce(http, run);
        try
        {
            var (body, refusal) = await AnswerAsync(run, http, preparation, compactor, quota);
            if (refusal is null)
            {
                await quota.SettleAsync(run);
                await ErrorResponses.SendAsync(http.Response, body);
                return;
            }

            run.Outcome.Error = refusal;
            if (run.Outcome.End == RunEnd.Unfinished) run.Outcome.End = RunEnd.Refused;
            await quota.SettleAsync(run);
            await http.RefuseAsync(refusal);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // As in the run's own pipeline: what was refused is settled as that.
            if (run.Outcome.Error is null) run.Outcome.End = RunEnd.ClientDisconnected;
        }
        finally
        {
            await settlement.SettleAsync(run);
        }
    }

    private static async ValueTask<(byte[] Body, ApiError? Refusal)> AnswerAsync(
        ResponseRun run, HttpContext http, RunPreparation preparation, Compactor compactor, RunQuota quota)
    {
        if (await preparation.PrepareAsync(run, http) is { } wrong) return ([], wrong);
        if (run.History.Input.Count == 0)
            return ([], new ApiError(ErrorCode.MissingRequiredParameter, "There is nothing to compact. Send 'input' or 'previous_response_id'.", "input"));

        var (readings, exhausted) = await quota.ReserveAsync(run, run.Ticket?.Plan ?? QuotaPlan.Unlimited, http.RequestAborted);
        RateLimitHeaders.Write(http.Response, readings);
        if (exhausted is not null)
        {
            if (run.Ticket is { } ticket) await ticket.RevokeAsync();
            return ([], exhausted);
        }

        var result = await compactor.CompactAsync(run, http.RequestAborted);
        if (result is Compaction.Refused refused)
        {
            run.Outcome.End = refused.End;
            return ([], refused.Error);
        }

        var made = (Compaction.Made)result;
        (run.Outcome.End, run.Outcome.Usage, run.Outcome.Destination) = (RunEnd.Finished, made.Usage, made.Destination);
        return (Body(run, made), null);
    }

    private static byte[] Body(ResponseRun run, Compaction.Made made)
    {
        using var buffer = new MemoryStream(made.Item.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, run.Id);
            json.WriteString("object"u8, "response.compaction"u8);
            json.WriteNumber("created_at"u8, run.CreatedAt.ToUnixTimeSeconds());
            json.WriteStartArray("output"u8);
            json.WriteRawValue(made.Item, skipInputValidation: true);
            json.WriteEndArray();
            json.WritePropertyName("usage"u8);
            JsonSerializer.Serialize(json, made.Usage ?? Usage.Of(0, 0), ResponsesJson.Wire.Usage);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
