using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.ModelServer.Http;
using Mka1.Edge.ModelServer.Prompting;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Endpoints;

/// <summary><c>POST /v1/responses</c> and <c>POST /v1/responses/input_tokens</c>.</summary>
internal static class ResponseEndpoints
{
    public static void MapResponses(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/responses");
        group.MapPost("", CreateAsync);
        group.MapPost("/input_tokens", CountAsync);
    }

    private static async Task CreateAsync(HttpContext context, AnswerPlanner planner, AnswerServices services)
    {
        switch (await PlanAsync(context, planner))
        {
            case PlanResult.Refused refused:
                await ErrorAnswer.WriteAsync(context, refused.Error);
                break;
            case PlanResult.Ready ready:
                await AnswerAsync(context, ready.Plan, services);
                break;
        }
    }

    private static async Task CountAsync(HttpContext context, AnswerPlanner planner)
    {
        switch (await PlanAsync(context, planner))
        {
            case PlanResult.Refused refused:
                await ErrorAnswer.WriteAsync(context, refused.Error);
                break;
            case PlanResult.Ready ready:
                await context.Response.WriteAsJsonAsync(new InputTokenCount(ready.Plan.InputTokens), ResponsesJson.Wire.InputTokenCount, "application/json", context.RequestAborted);
                break;
        }
    }

    private static async Task<PlanResult> PlanAsync(HttpContext context, AnswerPlanner planner)
    {
        if (JsonBody.TypeFault(context.Request) is { } badType)
            return new PlanResult.Refused(badType);
        var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted);
        return RequestParser.ParseCreate(body) switch
        {
            ParseResult<CreateResponseRequest>.Parsed parsed => planner.Plan(parsed.Request),
            ParseResult<CreateResponseRequest>.Refused refused => new PlanResult.Refused(refused.Error),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task AnswerAsync(HttpContext context, AnswerPlan plan, AnswerServices services)
    {
        if (services.Stop.IsStopping)
        {
            await ErrorAnswer.WriteAsync(context, new(ErrorCode.Overloaded, "The server is stopping. Send the request again."));
            return;
        }

        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stop.Drained);
        GenerationStream tokens;
        try
        {
            // Taken before the first byte: a full queue is a 503, not a broken stream.
            tokens = services.Served.Engine.GenerateAsync(plan.Generation, stopped.Token);
        }
        catch (EngineOverloadedException)
        {
            services.Metrics.Refused();
            await ErrorAnswer.WriteAsync(context, new(ErrorCode.Overloaded, "The server has all the work it can take. Try again in a second."));
            return;
        }

        if (plan.Request.Stream)
            await StreamAsync(context, plan, tokens, services, stopped.Token);
        else
            await WholeAsync(context, plan, tokens, services, stopped.Token);
    }

    private static async Task StreamAsync(
        HttpContext context, AnswerPlan plan, GenerationStream tokens, AnswerServices services, CancellationToken stopped)
    {
        var output = new SseOutput(context, services.WriteStall, services.Clock, services.Logger);
        output.Start();
        using var run = new AnswerRun(plan, output, services);
        var outcome = await run.RunAsync(tokens, context.RequestAborted, stopped);
        if (outcome is AnswerOutcome.Abandoned)
            return;
        try
        {
            SseWriter.WriteDone(output.Events);
            await output.FlushAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The reader had its answer and left before the last line.
        }
    }

    private static async Task WholeAsync(
        HttpContext context, AnswerPlan plan, GenerationStream tokens, AnswerServices services, CancellationToken stopped)
    {
        using var run = new AnswerRun(plan, new DiscardedOutput(), services);
        switch (await run.RunAsync(tokens, context.RequestAborted, stopped))
        {
            case AnswerOutcome.Finished:
                await context.Response.WriteAsJsonAsync(run.Response, ResponsesJson.Wire.ResponseObject, "application/json", context.RequestAborted);
                break;
            case AnswerOutcome.Failed failed:
                await ErrorAnswer.WriteAsync(context, failed.Error);
                break;
        }
    }
}
