using System.Text;

namespace Mka1.Edge.Responses;

/// <summary>The text in an item that a search may find.</summary>
internal static class ItemText
{
    /// <summary>UTF-16 units gathered at most: nobody searches for what stands on page fifty of one item.</summary>
    public const int MaxLength = 65_536;

    /// <summary>Texts of messages, summaries, calls and their outputs, a line each.</summary>
    public static string Of(ResponseItem item)
    {
        var text = new StringBuilder();
        switch (item)
        {
            case MessageItem message:
                Add(text, message.Content);
                break;
            case ReasoningItem reasoning:
                Add(text, reasoning.Summary);
                break;
            case FunctionCallItem call:
                Add(text, call.Arguments);
                break;
            case FunctionCallOutputItem output:
                Add(text, output.Output);
                break;
            case CustomToolCallItem call:
                Add(text, call.Input);
                break;
            case CustomToolCallOutputItem output:
                Add(text, output.Output);
                break;
            case McpCallItem call:
                Add(text, call.Arguments);
                if (call.Output is { } answer) Add(text, answer);
                break;
            case LocalShellCallOutputItem output:
                Add(text, output.Output);
                break;
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, ToolOutput output)
    {
        if (output is ToolOutput.Text only) Add(text, only.Value);
        else if (output is ToolOutput.Parts parts) Add(text, parts.Value);
    }

    private static void Add(StringBuilder text, IReadOnlyList<ContentPart> parts)
    {
        foreach (var part in parts)
        {
            if (part is InputTextPart input) Add(text, input.Text);
            else if (part is OutputTextPart output) Add(text, output.Text);
            else if (part is RefusalPart refusal) Add(text, refusal.Refusal);
            else if (part is SummaryTextPart summary) Add(text, summary.Text);
        }
    }

    private static void Add(StringBuilder text, JsonText more)
    {
        var room = MaxLength - text.Length - 1;
        if (room <= 0 || more.IsEmpty) return;
        if (text.Length > 0) text.Append('\n');
        var value = more.Value;
        if (value.Length > room)
        {
            // Half of a surrogate pair is no text.
            if (char.IsHighSurrogate(value[room - 1])) room--;
            value = value[..room];
        }

        text.Append(value);
    }
}
