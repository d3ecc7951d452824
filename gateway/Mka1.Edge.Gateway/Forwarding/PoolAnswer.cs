using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>What asking a pool came to.</summary>
internal abstract record PoolAnswer
{
    private PoolAnswer()
    {
    }

    /// <summary>A model server answered.</summary>
    /// <param name="Body">Its answer, whole.</param>
    /// <param name="Destination">Its name.</param>
    public sealed record Answered(byte[] Body, string Destination) : PoolAnswer;

    /// <summary>None did, or one refused.</summary>
    /// <param name="End">Which of the two.</param>
    /// <param name="Error">What the client is told.</param>
    public sealed record Refused(RunEnd End, ApiError Error) : PoolAnswer;
}
