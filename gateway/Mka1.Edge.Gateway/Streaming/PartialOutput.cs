using System.Buffers;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// What a stream has put out so far, kept as the bytes that came and read only when the stream breaks: the finished items, and of
/// the item under way what its deltas say.
/// </summary>
internal sealed class PartialOutput
{
    private readonly List<byte[]> _finished = [];
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<int> _ends = [];
    private byte[]? _open;

    /// <summary>Whether anything of the model's own has come.</summary>
    public bool Any => _open is not null || _finished.Count > 0;

    /// <summary>Takes note of an event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its data.</param>
    /// <param name="delta">The text of its delta, as escaped as it came.</param>
    public void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> delta)
    {
        if (name.SequenceEqual("response.output_item.added"u8))
        {
            _open = data.ToArray();
        }
        else if (name.SequenceEqual("response.output_item.done"u8))
        {
            _finished.Add(data.ToArray());
            _open = null;
            _text.ResetWrittenCount();
            _ends.Clear();
        }
        else if (_open is not null && (name.SequenceEqual("response.output_text.delta"u8) || name.SequenceEqual("response.function_call_arguments.delta"u8)))
        {
            _text.Write(delta);
            _ends.Add(_text.WrittenCount);
        }
    }

    /// <summary>The items; the last one is incomplete when the stream broke off in it.</summary>
    public List<ResponseItem> Items()
    {
        var items = new List<ResponseItem>(_finished.Count + 1);
        foreach (var data in _finished)
        {
            if (Read(data) is { } finished) items.Add(finished);
        }

        if (_open is not null && Read(_open) is { } open && Unfinished(open) is { } unfinished) items.Add(unfinished);
        return items;
    }

    private ResponseItem? Unfinished(ResponseItem open)
    {
        var text = Text();
        return open switch
        {
            MessageItem message => new MessageItem
            {
                Id = message.Id,
                Role = message.Role,
                Status = ItemStatus.Incomplete,
                Content = text.Length == 0 ? [] : [new OutputTextPart { Text = text }],
            },
            FunctionCallItem call => new FunctionCallItem
            {
                Id = call.Id,
                CallId = call.CallId,
                Name = call.Name,
                Status = ItemStatus.Incomplete,
                Arguments = text,
            },
            _ => null,
        };
    }

    /// <summary>What the deltas say together: a letter in two escapes may have come in two of them.</summary>
    private string Text()
    {
        if (Unescaped(_text.WrittenSpan) is { } whole) return whole;

        // One of them says what no text can hold, and is left out.
        var text = new StringBuilder();
        var start = 0;
        foreach (var end in _ends)
        {
            text.Append(Unescaped(_text.WrittenSpan[start..end]));
            start = end;
        }

        return text.ToString();
    }

    private static string? Unescaped(ReadOnlySpan<byte> escaped)
    {
        try
        {
            return JsonSerializer.Deserialize([(byte)'"', .. escaped, (byte)'"'], JsonTextContext.Default.String);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The item of an event; null when it is malformed: the client already has it as it came.</summary>
    private static ResponseItem? Read(byte[] data)
    {
        try
        {
            return JsonDocument.Parse(data).RootElement.GetProperty("item"u8).Deserialize(ResponsesJson.Wire.ResponseItem);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
