using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Chat Completions.</summary>
/// <param name="includeUsage">Whether a stream ends with its usage.</param>
internal sealed class ChatForm(bool includeUsage) : IAnswerForm
{
    public IAnswerOutput Streamed(SseOutput output) => new ChatOutput(output, includeUsage);

    public byte[] Whole(ResponseObject response) => ChatCompletionWriter.ToBytes(response);

    public ApiError Refusal(ApiError error) => ChatErrorPaths.InChat(error);
}
