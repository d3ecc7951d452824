using System.Text.Json;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Constrained;

/// <summary>Short answers under one schema, request after request: with a grammar compiled for each, and with the kept one.</summary>
internal sealed class ShortRequests(SingleStream stream, JsonElement schema, int tokens)
{
    private const int Requests = 16;

    private readonly GrammarCache _kept = new(stream.Model.Tokenizer.VocabularySize);

    /// <summary>One round of each.</summary>
    /// <param name="round">Seeds differ between rounds.</param>
    /// <returns>Processor time with the kept grammar over processor time with one compiled for each request.</returns>
    public async Task<double> RatioAsync(int round)
    {
        var compiled = await TimeAsync(round, () => JsonGrammar.FromSchema(schema));
        var kept = await TimeAsync(round, () => _kept.FromSchema(schema));
        return kept / compiled;
    }

    private async Task<TimeSpan> TimeAsync(int round, Func<JsonGrammar> grammar)
    {
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Requests; i++)
            await stream.RunAsync(tokens, new JsonConstraint(stream.Model.ChatTemplate.Tokens, grammar()), (ulong)((round * Requests) + i));
        return Environment.CpuUsage.TotalTime - start;
    }
}
