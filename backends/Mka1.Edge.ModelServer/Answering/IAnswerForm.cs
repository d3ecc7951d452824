using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>The API an answer is given in.</summary>
internal interface IAnswerForm
{
    /// <summary>Where the events of a streamed answer go, to be sent in this form.</summary>
    IAnswerOutput Streamed(SseOutput output);

    /// <summary>A whole answer as UTF-8 JSON.</summary>
    byte[] Whole(ResponseObject response);

    /// <summary>A refusal in this form's names.</summary>
    ApiError Refusal(ApiError error);
}
