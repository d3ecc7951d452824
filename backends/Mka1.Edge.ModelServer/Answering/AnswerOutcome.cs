using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>How an answer ended.</summary>
internal abstract record AnswerOutcome
{
    private AnswerOutcome()
    {
    }

    /// <summary>The model ended it, or the limit did.</summary>
    public sealed record Finished : AnswerOutcome;

    /// <summary>Something on our side ended it.</summary>
    public sealed record Failed(ApiError Error) : AnswerOutcome;

    /// <summary>Nobody is there to read it any more.</summary>
    public sealed record Abandoned : AnswerOutcome;
}
