using System.Diagnostics;
using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.ModelServer.Http;
using Mka1.Edge.ModelServer.Prompting;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>, for clients that know no other API. It is there when the options say so.</summary>
internal static class ChatEndpoints
{
    public static void MapChatCompletions(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/chat/completions", CreateAsync);

    private static async Task CreateAsync(HttpContext context, AnswerPlanner planner, AnswerServices services)
    {
        if (JsonBody.TypeFault(context.Request) is { } badType)
        {
            await ErrorAnswer.WriteAsync(context, badType);
            return;
        }

        var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted);
        switch (ChatRequestReader.ToResponses(body))
        {
            case ParseResult<ChatCreateRequest>.Refused refused:
                await ErrorAnswer.WriteAsync(context, refused.Error);
                break;
            case ParseResult<ChatCreateRequest>.Parsed parsed:
                await AnswerAsync(context, parsed.Request, planner, services);
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, ChatCreateRequest turn, AnswerPlanner planner, AnswerServices services)
    {
        var form = new ChatForm(turn.IncludeUsage);
        var result = RequestParser.ParseCreate(turn.Body) switch
        {
            ParseResult<CreateResponseRequest>.Parsed parsed => planner.Plan(parsed.Request),
            ParseResult<CreateResponseRequest>.Refused refused => new PlanResult.Refused(refused.Error),
            _ => throw new UnreachableException(),
        };
        if (result is PlanResult.Ready ready)
            await AnswerDelivery.SendAsync(context, ready.Plan, form, services);
        else if (result is PlanResult.Refused refusal)
            await ErrorAnswer.WriteAsync(context, form.Refusal(refusal.Error));
    }
}
