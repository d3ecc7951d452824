using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads the log probabilities of a choice. The shape is the Responses API's, but for nulls that chat allows.</summary>
internal static class ChatLogprobs
{
    private const int MostCandidates = 20;

    /// <summary>The tokens of a choice's text; empty without any, and when one of them makes no sense.</summary>
    public static TokenLogprob[] Read(JsonElement choice)
    {
        if (ChatFields.Object(choice, "logprobs"u8) is not { } logprobs || ChatFields.Array(logprobs, "content"u8) is not { } content)
            return [];
        var tokens = new TokenLogprob[content.GetArrayLength()];
        var i = 0;
        foreach (var entry in content.EnumerateArray())
        {
            if (Candidate(entry) is not { } token)
                return [];
            tokens[i++] = new TokenLogprob { Token = token.Token, Logprob = token.Logprob, Bytes = token.Bytes, TopLogprobs = Top(entry) };
        }

        return tokens;
    }

    private static IReadOnlyList<TokenCandidate> Top(JsonElement entry) =>
        ChatFields.Array(entry, "top_logprobs"u8) is { } top
            ? [.. top.EnumerateArray().Take(MostCandidates).Select(Candidate).OfType<TokenCandidate>()]
            : [];

    private static TokenCandidate? Candidate(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("token"u8, out var token) || token.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("logprob"u8, out var logprob) || logprob.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        return new TokenCandidate { Token = token.GetString()!, Logprob = logprob.GetDouble(), Bytes = Bytes(entry) };
    }

    private static IReadOnlyList<int> Bytes(JsonElement entry) =>
        ChatFields.Array(entry, "bytes"u8) is { } bytes
            ? [.. bytes.EnumerateArray().Where(unit => unit.ValueKind == JsonValueKind.Number && unit.TryGetByte(out _)).Select(unit => (int)unit.GetByte())]
            : [];
}
