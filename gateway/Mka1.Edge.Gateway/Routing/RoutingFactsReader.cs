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
                if (message.Content[j] is InputImagePart or InputFilePart or InputAudioPart)
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

    private static ComplexityFacts Complexity(CreateResponseRequest request, IReadOnlyList<ResponseItem> input) => new(
        LastUserText(input),
        request.Text.Format is not TextFormat.Text,
        request.MaxOutputTokens,
        [.. request.Tools.Select(t => t.Type)],
        request.ToolChoice is not ToolChoice.Mode { Value: ToolChoiceMode.Auto or ToolChoiceMode.None }
            and not ToolChoice.AllowedTools { Value: ToolChoiceMode.Auto });

    private static string LastUserText(IReadOnlyList<ResponseItem> input)
    {
        for (var i = input.Count - 1; i >= 0; i--)
        {
            if (input[i] is not MessageItem { Role: MessageRole.User } message) continue;
            var text = new StringBuilder();
            foreach (var part in message.Content.OfType<InputTextPart>()) text.Append(part.Text.Value).Append('\n');
            return text.ToString().TrimEnd('\n');
        }

        return "";
    }
}
