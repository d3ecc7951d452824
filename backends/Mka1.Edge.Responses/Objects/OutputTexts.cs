using System.Text;

namespace Mka1.Edge.Responses;

/// <summary>Computes <c>output_text</c>.</summary>
internal static class OutputTexts
{
    public static string Join(IReadOnlyList<ResponseItem> output)
    {
        string? only = null;
        StringBuilder? joined = null;
        foreach (var item in output)
        {
            if (item is not MessageItem message)
                continue;
            foreach (var part in message.Content)
            {
                if (part is not OutputTextPart text)
                    continue;
                if (only is null)
                    only = text.Text.Value;
                else
                    (joined ??= new StringBuilder(only)).Append(text.Text.Value);
            }
        }

        return joined?.ToString() ?? only ?? string.Empty;
    }
}
