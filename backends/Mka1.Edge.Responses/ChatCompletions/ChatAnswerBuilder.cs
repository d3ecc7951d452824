using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Makes output items out of a chat choice, whole or in deltas: thoughts become a reasoning item, text and refusals a message,
/// <c>tool_calls</c> function calls.
/// </summary>
internal sealed class ChatAnswerBuilder(ResponseStreamWriter writer)
{
    private readonly ChatCallBuilder _calls = new(writer);
    private Open _open;
    private bool _any;
    private string? _finish;

    private enum Open
    {
        Nothing,
        Thought,
        Text,
        Refusal,
    }

    /// <summary>Whether the server has said how the answer ended.</summary>
    public bool IsFinished => _finish is not null;

    /// <summary>Takes a choice with its <c>delta</c> or <c>message</c>.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Take(JsonElement choice)
    {
        if ((ChatFields.Object(choice, "delta"u8) ?? ChatFields.Object(choice, "message"u8)) is { } said && Said(said, choice) is { } fault)
            return fault;
        _finish = ChatFields.Text(choice, "finish_reason"u8) ?? _finish;
        return null;
    }

    /// <summary>Ends the answer the way the server said it ended.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? End(Usage? usage, long now)
    {
        var reason = _finish switch
        {
            "length" => IncompleteDetails.MaxOutputTokens,
            "content_filter" => IncompleteDetails.ContentFilter,
            _ => null,
        };
        if (_finish is "error" or "abort" or "cancelled")
        {
            writer.Fail(ChatErrors.Aborted, usage, now);
            return null;
        }

        if (_calls.Finish(cutOff: reason is not null) is { } fault)
            return fault;
        if (reason is not null)
        {
            writer.Incomplete(reason, usage, now);
            return null;
        }

        if (!_any)
            Switch(Open.Text);
        Switch(Open.Nothing);
        writer.Complete(usage, now);
        return null;
    }

    private string? Said(JsonElement said, JsonElement choice)
    {
        var thought = ChatFields.Text(said, "reasoning_content"u8) ?? ChatFields.Text(said, "reasoning"u8);
        if (thought is not null && Thought(thought) is { } badThought)
            return badThought;
        if (Content(said, choice, alone: thought is null) is { } badContent)
            return badContent;
        if (ChatFields.Text(said, "refusal"u8) is { } refusal)
        {
            if (Prepare(Open.Refusal) is { } fault)
                return fault;
            writer.RefusalDelta(refusal);
        }

        if (ChatFields.Array(said, "tool_calls"u8) is { } calls)
        {
            foreach (var call in calls.EnumerateArray())
            {
                if (ChatFields.Object(call, "function"u8) is { } function && Call(call, function) is { } fault)
                    return fault;
            }
        }
        else if (ChatFields.Object(said, "function_call"u8) is { } function)
        {
            return Call(said, function);
        }

        return null;
    }

    private string? Content(JsonElement said, JsonElement choice, bool alone)
    {
        if (!said.TryGetProperty("content"u8, out var content))
            return null;
        if (content.ValueKind == JsonValueKind.Array)
            return Parts(content);
        if (content.ValueKind != JsonValueKind.String)
            return null;
        var text = content.GetString()!;
        // A token may be part of a character: its probability comes, its text does not yet.
        if (text.Length > 0 || (alone && _open == Open.Text))
            return Text(text, ChatLogprobs.Read(choice));
        return null;
    }

    /// <summary>Some servers send content in parts, thoughts among them.</summary>
    private string? Parts(JsonElement parts)
    {
        foreach (var part in parts.EnumerateArray())
        {
            var fault = ChatFields.Text(part, "type"u8) switch
            {
                "text" when ChatFields.Text(part, "text"u8) is { } text => Text(text, []),
                "thinking" when ChatFields.Array(part, "thinking"u8) is { } thoughts => Thoughts(thoughts),
                "thinking" when ChatFields.Text(part, "thinking"u8) is { } thought => Thought(thought),
                _ => null,
            };
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private string? Thoughts(JsonElement parts)
    {
        foreach (var part in parts.EnumerateArray())
        {
            if (ChatFields.Text(part, "text"u8) is { } text && Thought(text) is { } fault)
                return fault;
        }

        return null;
    }

    private string? Thought(string text)
    {
        if (Prepare(Open.Thought) is { } fault)
            return fault;
        writer.ReasoningDelta(text);
        return null;
    }

    private string? Text(string text, TokenLogprob[] tokens)
    {
        // White space between calls is nobody's text.
        if ((text.Length == 0 && tokens.Length == 0) || (_calls.HasUnfinished && string.IsNullOrWhiteSpace(text)))
            return null;
        if (Prepare(Open.Text) is { } fault)
            return fault;
        writer.TextDelta(text, tokens);
        return null;
    }

    private string? Call(JsonElement entry, JsonElement function)
    {
        Switch(Open.Nothing);
        _any = true;
        return _calls.Take(entry, function);
    }

    private string? Prepare(Open next)
    {
        if (_calls.HasUnfinished && _calls.Finish(cutOff: false) is { } fault)
            return fault;
        Switch(next);
        return null;
    }

    /// <summary>Closes what is open and opens what comes next.</summary>
    private void Switch(Open next)
    {
        if (_open == next)
            return;
        switch (_open)
        {
            case Open.Thought:
                writer.EndReasoningText();
                writer.EndItem();
                break;
            case Open.Text:
                writer.EndText();
                break;
            case Open.Refusal:
                writer.EndRefusal();
                break;
        }

        var inMessage = _open is Open.Text or Open.Refusal;
        var toMessage = next is Open.Text or Open.Refusal;
        if (inMessage && !toMessage)
            writer.EndItem();
        if (!inMessage && toMessage)
            writer.StartMessage(ResponseIds.New(ResponseIds.Message));
        switch (next)
        {
            case Open.Thought:
                writer.StartReasoning(ResponseIds.New(ResponseIds.Reasoning));
                writer.StartReasoningText();
                break;
            case Open.Text:
                writer.StartText();
                break;
            case Open.Refusal:
                writer.StartRefusal();
                break;
        }

        _open = next;
        _any |= next != Open.Nothing;
    }
}
