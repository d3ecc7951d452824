using System.Text;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Reads from a request what routing decides by.</summary>
internal static class RoutingFactsReader
{
    public static RoutingFacts Read(CreateResponseRequest request, IReadOnlyList<ResponseItem> input) =>
        new(request.Model, request.AutoRouting, Needs(request, input), request.AutoRouting ? Complexity(request, input) : ComplexityFacts.None);

    private static List<CapabilityNeed> Needs(CreateResponseRequest request, IReadOnlyList<ResponseItem> input)
    {
        var needs = new List<CapabilityNeed>();
        for (var i = 0; i < request.Tools.Count; i++)
            needs.Add(new CapabilityNeed(CapabilityKind.Tool, request.Tools[i].Type, $"tools[{i}].type"));

        for (var i = 0; i < input.Count; i++)
        {
            if (input[i] is not MessageItem message) continue;
            for (var j = 0; j < message.Content.Count; j++)
            {
                if (PartTypes.IsMedia(message.Content[j]))
                    needs.Add(new CapabilityNeed(CapabilityKind.Input, message.Content[j].Type, $"input[{i}].content[{j}].type"));
            }
        }

        for (var i = 0; i < request.Modalities.Count; i++)
        {
            if (request.Modalities[i] == Modality.Audio)
                needs.Add(new CapabilityNeed(CapabilityKind.Modality, "audio", $"modalities[{i}]"));
        }

        return needs;
    }

    public static ComplexityFacts Complexity(CreateResponseRequest request, IReadOnlyList<ResponseItem> input)
    {
        var (text, at) = LastUserText(input);
        return new ComplexityFacts(
            text,
            request.Text.Format is not TextFormat.Text,
            request.MaxOutputTokens,
            request.Tools.Count == 0 ? [] : [.. request.Tools.Select(t => t.Type)],
            request.ToolChoice is not ToolChoice.Mode { Value: ToolChoiceMode.Auto or ToolChoiceMode.None }
                and not ToolChoice.AllowedTools { Value: ToolChoiceMode.Auto })
        {
            Turns = TurnsBefore(input, at),
            InstructionsLength = request.Instructions?.Length ?? 0,
            Effort = request.Reasoning?.Effort switch
            {
                null => EffortAsked.Nothing,
                ReasoningEffort.None or ReasoningEffort.Minimal or ReasoningEffort.Low => EffortAsked.Little,
                ReasoningEffort.Medium => EffortAsked.Medium,
                _ => EffortAsked.Much,
            },
            ReadsMedia = at >= 0 && input[at] is MessageItem message && message.Content.Any(PartTypes.IsMedia),
        };
    }

    private static int TurnsBefore(IReadOnlyList<ResponseItem> input, int last)
    {
        var turns = 0;
        for (var i = 0; i < last; i++) turns += input[i] is MessageItem { Role: MessageRole.User or MessageRole.Assistant } ? 1 : 0;
        return turns;
    }

    /// <summary>The last message of the user: its text, and where it stands.</summary>
    private static (string Text, int At) LastUserText(IReadOnlyList<ResponseItem> input)
    {
        for (var i = input.Count - 1; i >= 0; i--)
        {
            if (input[i] is MessageItem { Role: MessageRole.User } message) return (TextOf(message), i);
        }

        return ("", -1);
    }

    private static string TextOf(MessageItem message)
    {
        if (message.Content is [InputTextPart only]) return only.Text.Value;
        var text = new StringBuilder();
        foreach (var part in message.Content.OfType<InputTextPart>()) text.Append(part.Text.Value).Append('\n');
        return text.ToString().TrimEnd('\n');
    }
}
