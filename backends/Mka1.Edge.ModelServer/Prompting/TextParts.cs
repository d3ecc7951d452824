using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>Reads content parts as one text.</summary>
internal static class TextParts
{
    /// <summary>Joins the parts, or says which of them is not text.</summary>
    /// <param name="parts">The content.</param>
    /// <param name="path">Where it stands in the request, such as <c>input[2].content</c>.</param>
    /// <param name="text">The parts in order with nothing between them; empty when refused.</param>
    public static ApiError? Join(IReadOnlyList<ContentPart> parts, string path, out string text)
    {
        var texts = new string[parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            if (TextOf(parts[i]) is not { } part)
            {
                text = "";
                return new(ErrorCode.UnsupportedParameter, $"This model reads text only, no '{parts[i].Type}'.", $"{path}[{i}].type");
            }

            texts[i] = part;
        }

        text = texts.Length == 1 ? texts[0] : string.Concat(texts);
        return null;
    }

    private static string? TextOf(ContentPart part) => part switch
    {
        InputTextPart input => input.Text.Value,
        OutputTextPart output => output.Text.Value,
        RefusalPart refusal => refusal.Refusal.Value,
        SummaryTextPart summary => summary.Text.Value,
        ReasoningTextPart reasoning => reasoning.Text.Value,
        _ => null,
    };
}
