using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>The Responses API.</summary>
internal sealed class ResponseForm : IAnswerForm
{
    public IAnswerOutput Streamed(SseOutput output) => output;

    public byte[] Whole(ResponseObject response) => JsonSerializer.SerializeToUtf8Bytes(response, ResponsesJson.Wire.ResponseObject);

    public ApiError Refusal(ApiError error) => error;
}
