using System.Text.Json;
using Mka1.Edge.Policies.Routing.Training;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>Reads a line of measured data: a prompt and what models made of it.</summary>
internal static class MeasuredPrompt
{
    /// <summary>MT-Bench judges by marks up to ten; everything else is 0 to 1.</summary>
    private const double TopMark = 10;

    public static TrainingRow Read(JsonElement line, IReadOnlyList<string> tierModels)
    {
        var id = JsonLines.Text(line, "id");
        var benchmark = JsonLines.Text(line, "benchmark");
        var top = benchmark == "mt_bench" ? TopMark : 1;
        var parts = id.Split('-');
        return new TrainingRow(
            id, benchmark, parts.Length > 1 ? parts[1] : "", JsonLines.Text(line, "prompt"),
            JsonLines.Number(line, "weak_score") / top, JsonLines.Number(line, "strong_score") / top, Tiers(line, tierModels));
    }

    private static double[]? Tiers(JsonElement line, IReadOnlyList<string> models) =>
        line.TryGetProperty("scores", out var scores) && models.All(model => scores.TryGetProperty(model, out _))
            ? [.. models.Select(model => JsonLines.Number(scores, model))]
            : null;
}
