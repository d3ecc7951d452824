using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Http;
using Mka1.Edge.ModelServer.Prompting;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Has a plan answered and sends the answer, streamed or whole, in the form it was asked in.</summary>
internal static class AnswerDelivery
{
    /// <summary>Sends the answer; or, before its first byte, why there is none.</summary>
    public static async Task SendAsync(HttpContext context, AnswerPlan plan, IAnswerForm form, AnswerServices services)
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
            await StreamAsync(context, plan, form, tokens, services, stopped.Token);
        else
            await WholeAsync(context, plan, form, tokens, services, stopped.Token);
    }

    private static async Task StreamAsync(
        HttpContext context, AnswerPlan plan, IAnswerForm form, GenerationStream tokens, AnswerServices services, CancellationToken stopped)
    {
        var output = new SseOutput(context, services.WriteStall, services.Clock, services.Logger);
        output.Start();
        using var run = new AnswerRun(plan, form.Streamed(output), services);
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
        HttpContext context, AnswerPlan plan, IAnswerForm form, GenerationStream tokens, AnswerServices services, CancellationToken stopped)
    {
        using var run = new AnswerRun(plan, new DiscardedOutput(), services);
        switch (await run.RunAsync(tokens, context.RequestAborted, stopped))
        {
            case AnswerOutcome.Finished:
                var body = form.Whole(run.Response);
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
                break;
            case AnswerOutcome.Failed failed:
                await ErrorAnswer.WriteAsync(context, form.Refusal(failed.Error));
                break;
        }
    }
}
