using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Turns items into chat messages. Function calls of one turn, and the text beside them, become one assistant message: servers
/// refuse tool results that do not follow the message with their calls.
/// </summary>
internal sealed class ChatMessageWriter(Utf8JsonWriter json, FaultLog faults)
{
    private readonly List<JsonText> _operator = [];
    private readonly List<JsonText> _said = [];
    private readonly List<FunctionCallItem> _calls = [];
    private bool _assistant;

    /// <summary>Messages so far.</summary>
    public int Count { get; private set; }

    /// <summary>What the operator says before all else.</summary>
    public void Instructions(JsonText text) => _operator.Add(text);

    /// <summary>A user's turn of one text.</summary>
    public void User(JsonText text)
    {
        Flush();
        Start("user"u8);
        Text("content"u8, text);
        json.WriteEndObject();
    }

    /// <summary>One input item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="element">Where it stands in the body.</param>
    public void Item(ResponseItem item, JsonElement element)
    {
        switch (item)
        {
            case MessageItem { Role: MessageRole.Assistant } message:
                Assistant(message, element);
                break;
            case MessageItem { Role: MessageRole.User } message:
                Flush();
                Start("user"u8);
                ChatPartWriter.Content(json, message.Content, "content", element, faults, mediaAllowed: true);
                json.WriteEndObject();
                break;
            case MessageItem message:
                Operator(message, element);
                break;
            case FunctionCallItem call:
                _assistant = true;
                _calls.Add(call);
                break;
            case FunctionCallOutputItem output:
                Output(output, element);
                break;
            case ReasoningItem:
                // Chat has no place for thoughts of earlier turns; models do not expect to see them again.
                break;
            default:
                var at = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type"u8, out var type) ? type : element;
                faults.Add(at, ErrorCode.UnsupportedParameter, "is a kind of item that this model's server cannot be sent; leave the item out or ask another model");
                break;
        }
    }

    /// <summary>Writes what is still open.</summary>
    public void End() => Flush();

    private void Operator(MessageItem message, JsonElement element)
    {
        // Chat templates of many models take one message of the operator's, and only at the very beginning.
        if (Count == 0 && !_assistant && message.Content.All(part => part is InputTextPart))
        {
            _operator.AddRange(message.Content.Select(part => ((InputTextPart)part).Text));
            return;
        }

        Flush();
        Start("system"u8);
        ChatPartWriter.Content(json, message.Content, "content", element, faults, mediaAllowed: false);
        json.WriteEndObject();
    }

    private void Assistant(MessageItem message, JsonElement element)
    {
        if (_calls.Count == 0)
            Flush();
        _assistant = true;
        foreach (var part in message.Content)
        {
            switch (part)
            {
                case OutputTextPart text:
                    _said.Add(text.Text);
                    break;
                case InputTextPart text:
                    _said.Add(text.Text);
                    break;
                case RefusalPart refusal:
                    // The field for refusals is OpenAI's own; as text every model sees that it declined.
                    _said.Add(refusal.Refusal);
                    break;
                default:
                    ChatPartWriter.Refuse(part, element, faults);
                    break;
            }
        }
    }

    private void Output(FunctionCallOutputItem item, JsonElement element)
    {
        Flush();
        Start("tool"u8);
        json.WriteString("tool_call_id"u8, item.CallId);
        switch (item.Output)
        {
            case ToolOutput.Text text:
                Text("content"u8, text.Value);
                break;
            case ToolOutput.Parts parts:
                ChatPartWriter.Content(json, parts.Value, "content", element, faults, mediaAllowed: false);
                break;
        }

        json.WriteEndObject();
    }

    private void Flush()
    {
        if (_operator.Count > 0)
        {
            Start("system"u8);
            Joined(_operator, "\n\n");
            json.WriteEndObject();
            _operator.Clear();
        }

        if (!_assistant)
            return;
        Start("assistant"u8);
        if (_said.Count == 0 && _calls.Count > 0)
            json.WriteNull("content"u8);
        else
            Joined(_said, "");
        if (_calls.Count > 0)
            Calls();
        json.WriteEndObject();
        _assistant = false;
        _said.Clear();
        _calls.Clear();
    }

    private void Calls()
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in _calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.CallId);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            // Servers read the arguments as JSON, which no text at all is not.
            Text("arguments"u8, call.Arguments.IsEmpty ? "{}" : call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Start(ReadOnlySpan<byte> role)
    {
        Count++;
        json.WriteStartObject();
        json.WriteString("role"u8, role);
    }

    private void Joined(List<JsonText> texts, string separator)
    {
        if (texts.Count == 1)
        {
            Text("content"u8, texts[0]);
            return;
        }

        var joined = new StringBuilder();
        for (var i = 0; i < texts.Count; i++)
            joined.Append(i > 0 ? separator : "").Append(texts[i].Value);
        json.WriteString("content"u8, joined.ToString());
    }

    private void Text(ReadOnlySpan<byte> name, JsonText text)
    {
        json.WritePropertyName(name);
        text.WriteTo(json);
    }
}
