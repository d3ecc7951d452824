using System.Text.Json;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>
/// Looks through the text of a request by rules, last things first, up to a bound: input but for what an assistant said, variables
/// of a prompt, instructions. Each text is looked at by itself.
/// </summary>
internal ref struct InputScan
{
    private readonly SafetyRuleSet _rules;
    private List<InputFinding>? _found;
    private int _left;

    private InputScan(SafetyRuleSet rules)
    {
        _rules = rules;
        _left = rules.MaxCharacters;
    }

    public static InputFindings Find(SafetyRuleSet rules, CreateResponseRequest request)
    {
        if (rules.Rules.Count == 0) return InputFindings.None;
        var scan = new InputScan(rules);
        var items = request.Input;
        for (var i = items.Count - 1; i >= 0; i--) scan.Item(items[i], isLast: i == items.Count - 1);
        if (request.Prompt?.Variables is { ValueKind: JsonValueKind.Object } variables)
        {
            foreach (var variable in variables.EnumerateObject())
            {
                if (variable.Value.ValueKind == JsonValueKind.String) scan.Text(variable.Value.GetString()!, isLast: true);
                else if (variable.Value.ValueKind == JsonValueKind.Object && variable.Value.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String)
                    scan.Text(text.GetString()!, isLast: true);
            }
        }

        if (request.Instructions is { } instructions) scan.Text(instructions, isLast: false);
        return scan._found is null ? InputFindings.None : new InputFindings(scan._found);
    }

    private void Item(ResponseItem item, bool isLast)
    {
        switch (item)
        {
            case MessageItem { Role: not MessageRole.Assistant } message:
                Parts(message.Content, isLast);
                break;
            case FunctionCallOutputItem output:
                Output(output.Output, isLast);
                break;
            case CustomToolCallOutputItem output:
                Output(output.Output, isLast);
                break;
        }
    }

    private void Output(ToolOutput output, bool isLast)
    {
        if (output is ToolOutput.Text text) Text(text.Value.Value, isLast);
        else if (output is ToolOutput.Parts parts) Parts(parts.Value, isLast);
    }

    private void Parts(IReadOnlyList<ContentPart> parts, bool isLast)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i] is InputTextPart part) Text(part.Text.Value, isLast);
        }
    }

    private void Text(string text, bool isLast)
    {
        if (_left <= 0 || text.Length == 0) return;
        var looked = text.AsSpan(Math.Max(0, text.Length - _left));
        _left -= looked.Length;
        if (_rules.FindIn(looked) is not 0 and var found) (_found ??= []).Add(new InputFinding(found, string.GetHashCode(looked), isLast));
    }
}
