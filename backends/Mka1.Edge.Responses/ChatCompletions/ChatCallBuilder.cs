using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Makes function-call items out of <c>tool_calls</c>. Servers number calls, or do not, or give all the same number; some send
/// the pieces of several calls in turns. Items come one after the other all the same: pieces of a later call wait until the
/// one before it is whole.
/// </summary>
internal sealed class ChatCallBuilder(ResponseStreamWriter writer)
{
    private const int MaxCalls = 256;
    private const int MaxNameLength = 256;
    private const int MaxWaiting = 1 << 20;

    private readonly List<ChatCall> _calls = [];
    private int _waiting;

    /// <summary>Whether a call has come that is not done.</summary>
    public bool HasUnfinished => _calls.Count > 0 && !_calls[^1].Ended;

    /// <summary>Takes one entry of <c>tool_calls</c>, or the older <c>function_call</c>.</summary>
    /// <param name="entry">A piece of a call, or a whole one.</param>
    /// <param name="function">Its name and arguments.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Take(JsonElement entry, JsonElement function)
    {
        var name = ChatFields.Text(function, "name"u8);
        var arguments = ArgumentsOf(function);
        if (Find(entry, name, arguments) is not { } call)
            return "The answer has more function calls than allowed.";
        if (name is { Length: > MaxNameLength })
            return "A function's name is longer than allowed.";
        call.Name ??= name;
        if (arguments is not null)
        {
            if (call.Ended)
                return string.IsNullOrWhiteSpace(arguments) ? null : "A function call goes on after it was whole.";
            Add(call, arguments);
        }

        Pump();
        return _waiting > MaxWaiting ? "Pieces of function calls come in too great disorder." : null;
    }

    /// <summary>Passes on what can be: the first unfinished call, and the next ones for as long as those before are whole.</summary>
    private void Pump()
    {
        foreach (var call in _calls)
        {
            if (call.Ended)
                continue;
            if (call.Name is null)
                return;
            PassOn(call);
            if (!call.IsWhole || call == _calls[^1])
                return;
            End(call);
        }
    }

    /// <summary>Ends all calls; or all but the last, which was cut off.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Finish(bool cutOff)
    {
        foreach (var call in _calls)
        {
            if (call.Ended)
                continue;
            if (call.Name is null && cutOff && call == _calls[^1])
                return null;
            if (call.Name is null)
                return "A function call has no name.";
            if (!call.HasArguments && !cutOff)
                Add(call, "{}");
            PassOn(call);
            if (cutOff && call == _calls[^1])
                return null;
            End(call);
        }

        return null;
    }

    private void Add(ChatCall call, string arguments)
    {
        call.Add(arguments);
        _waiting += arguments.Length;
    }

    private void PassOn(ChatCall call)
    {
        if (!call.Started)
        {
            call.Started = true;
            writer.StartFunctionCall(ResponseIds.New(ResponseIds.FunctionCall), call.CallId, call.Name!);
        }

        if (call.Waiting.Length == 0)
            return;
        writer.ArgumentsDelta(call.Waiting.ToString());
        _waiting -= call.Waiting.Length;
        call.Waiting.Clear();
    }

    private void End(ChatCall call)
    {
        writer.EndItem();
        call.Ended = true;
    }

    private ChatCall? Find(JsonElement entry, string? name, string? arguments)
    {
        var id = ChatFields.Text(entry, "id"u8);
        var index = ChatFields.Count(entry, "index"u8, long.MaxValue);
        var found = index is not null ? _calls.FindLast(call => call.Index == index)
            : id is not null ? _calls.FindLast(call => call.SentId == id)
            : name is null ? _calls.LastOrDefault()
            : null;

        // Under one index another id with a name is another call; another id alone is a server that makes one up each time.
        if (found is null && id is not null && name is null)
            found = index is null ? _calls.LastOrDefault() : null;
        var another = id is null
            ? found is { IsWhole: true } && name is not null && !string.IsNullOrWhiteSpace(arguments)
            : name is not null && found?.SentId is { } known && known != id;
        if (found is not null && !another)
        {
            found.SentId ??= id;
            return found;
        }

        if (_calls.Count == MaxCalls)
            return null;
        var unique = id is null || _calls.TrueForAll(call => call.SentId != id) ? id : null;
        var added = new ChatCall(index, unique);
        _calls.Add(added);
        return added;
    }

    /// <summary>Arguments are a string of JSON; some servers send the object itself.</summary>
    private static string? ArgumentsOf(JsonElement function)
    {
        if (function.ValueKind != JsonValueKind.Object || !function.TryGetProperty("arguments"u8, out var arguments))
            return null;
        return arguments.ValueKind switch
        {
            JsonValueKind.String => arguments.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Object => arguments.GetRawText(),
            _ => null,
        };
    }
}
