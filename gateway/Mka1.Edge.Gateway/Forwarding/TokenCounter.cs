using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Asks a model server how many tokens an input takes: only its tokenizer and its prompt format can tell.</summary>
internal sealed class TokenCounter(PoolClient pools)
{
    private const string Route = "/input_tokens";

    /// <summary>Why there is no count where servers do not speak of one.</summary>
    public static readonly ApiError Uncountable = new(
        ErrorCode.UnsupportedParameter, "The servers of this model do not count tokens. Ask for an answer and read its usage, or name another model.", "model");

    private static readonly JsonEdit NoTruncation = JsonEdit.Set("truncation", "\"disabled\""u8.ToArray());

    /// <summary>The count; or why there is none.</summary>
    /// <param name="run">The run, routed.</param>
    /// <param name="whole">Whether the whole input is to be counted, not what truncation leaves of it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<(long Tokens, ApiError? Refusal)> CountAsync(ResponseRun run, bool whole, CancellationToken cancellation)
    {
        if (!run.Snapshot.Pools[run.Route.Variant.Pool].Dialect.CountsTokens) return (0, Uncountable);
        JsonEdit[] edits = whole ? [.. UpstreamRequestBody.NoStream, NoTruncation] : [.. UpstreamRequestBody.NoStream];
        return await pools.PostAsync(run, Route, JsonSplice.Apply(UpstreamRequestBody.Build(run), edits), cancellation) switch
        {
            PoolAnswer.Answered answered => TokensIn(answered.Body) is { } tokens ? (tokens, null) : (0, PoolClient.Senseless),
            PoolAnswer.Refused refused => (0, refused.Error),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static long? TokensIn(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("input_tokens"u8).TryGetInt64(out var tokens) && tokens is >= 0 and <= Usage.MaxTokens ? tokens : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
