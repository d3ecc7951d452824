namespace Mka1.Edge.Responses;

/// <summary>Why a model stopped, in the words that traces use: a response says it in words of its own.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/, <c>gen_ai.response.finish_reasons</c>.</remarks>
public static class FinishReasons
{
    /// <summary>The reason of a response that has ended: <c>stop</c>, <c>tool_calls</c>, <c>length</c>, <c>content_filter</c> or <c>error</c>.</summary>
    public static string Of(ResponseObject final) => final switch
    {
        { Status: ResponseStatus.Completed } when final.Output.Any(item => item is FunctionCallItem or CustomToolCallItem) => "tool_calls",
        { Status: ResponseStatus.Completed } => "stop",
        { Status: ResponseStatus.Incomplete, IncompleteDetails.Reason: "content_filter" } => "content_filter",
        { Status: ResponseStatus.Incomplete } => "length",
        _ => "error",
    };
}
