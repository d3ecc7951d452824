using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Trials;

/// <summary>How two answers to the same request differ. Nothing of their text is kept.</summary>
/// <param name="Both">Whether there are two answers to compare.</param>
/// <param name="StatusDiffers">Whether they ended differently; no answer at all is an end of its own.</param>
/// <param name="TextDiffers">Whether their texts differ in any character.</param>
/// <param name="ToolCallsDiffer">Whether they call other functions, in another order, or with arguments that are not the same JSON.</param>
/// <param name="LengthRatio">Characters of the second text over those of the first; null when the first has none.</param>
internal readonly record struct AnswerComparison(bool Both, bool StatusDiffers, bool TextDiffers, bool ToolCallsDiffer, double? LengthRatio)
{
    /// <summary>Whether anything differs.</summary>
    public bool Differs => StatusDiffers || TextDiffers || ToolCallsDiffer;

    /// <param name="main">What the client was given; null when it was refused.</param>
    /// <param name="shadow">What the shadow said; null when it refused or failed.</param>
    public static AnswerComparison Of(ResponseObject? main, ResponseObject? shadow)
    {
        if (main is null || shadow is null) return new AnswerComparison(false, main?.Status != shadow?.Status, false, false, null);
        var (text, other) = (main.OutputText, shadow.OutputText);
        return new AnswerComparison(
            true,
            main.Status != shadow.Status,
            !string.Equals(text, other, StringComparison.Ordinal),
            !SameCalls([.. main.Output.OfType<FunctionCallItem>()], [.. shadow.Output.OfType<FunctionCallItem>()]),
            text.Length == 0 ? null : (double)other.Length / text.Length);
    }

    private static bool SameCalls(IReadOnlyList<FunctionCallItem> main, IReadOnlyList<FunctionCallItem> shadow)
    {
        if (main.Count != shadow.Count) return false;
        for (var i = 0; i < main.Count; i++)
        {
            if (main[i].Name != shadow[i].Name || !SameJson(main[i].Arguments.Value, shadow[i].Arguments.Value)) return false;
        }

        return true;
    }

    private static bool SameJson(string main, string shadow)
    {
        if (main == shadow) return true;
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(main), JsonNode.Parse(shadow));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // What a model takes for JSON need not be any; other text is another call.
            return false;
        }
    }
}
