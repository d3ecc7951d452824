using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>One stage in the making of a response. It knows the run and no connection: runs also begin without one.</summary>
internal interface IRunStage
{
    /// <summary>Does the stage's work on <paramref name="run"/>.</summary>
    /// <returns>The refusal that ends the run; null to go on.</returns>
    ValueTask<ApiError?> RunAsync(ResponseRun run, CancellationToken cancellation);
}
