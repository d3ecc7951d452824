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
                await AnswerDelivery.SendAsync(context, ready.Plan, new ResponseForm(), services);
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
}
