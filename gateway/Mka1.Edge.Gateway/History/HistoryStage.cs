using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// Stage 6: what a request refers to. This gateway holds no earlier responses, conversations or prompt templates, so every
/// reference is to something it does not know, and says so before any work is done.
/// </summary>
internal sealed class HistoryStage : IRunStage
{
    public ValueTask<ApiError?> RunAsync(ResponseRun run, HttpContext http, CancellationToken cancellation)
    {
        var request = run.Request;
        if (request.PreviousResponseId is { } previous)
        {
            return ValueTask.FromResult<ApiError?>(new ApiError(
                ErrorCode.PreviousResponseNotFound, $"Previous response with id '{previous}' not found.", "previous_response_id"));
        }

        if (request.Conversation is not null)
        {
            return ValueTask.FromResult<ApiError?>(new ApiError(
                ErrorCode.NotFound, "There is no such conversation. Send the earlier messages in input.", "conversation"));
        }

        if (request.Prompt is not null)
        {
            return ValueTask.FromResult<ApiError?>(new ApiError(
                ErrorCode.NotFound, "There is no such prompt template. Send its text in instructions or input.", "prompt.id"));
        }

        return ValueTask.FromResult<ApiError?>(null);
    }
}
