using System.Text;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>
/// What a stream has put out so far, kept as the bytes of its events and read only when the stream breaks: the finished items,
/// and of the item under way what its deltas say.
/// </summary>
internal sealed class PartialOutput
{
    private readonly List<byte[]> _finished = [];
    private readonly List<byte[]> _deltas = [];
    private byte[]? _open;

    /// <summary>Whether anything of the model's own has come.</summary>
    public bool Any => _open is not null || _finished.Count > 0;

    /// <summary>Takes note of an event.</summary>
    public void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.SequenceEqual("response.output_item.added"u8))
        {
            _open = data.ToArray();
        }
        else if (name.SequenceEqual("response.output_item.done"u8))
        {
            _finished.Add(data.ToArray());
            _open = null;
            _deltas.Clear();
        }
        else if (_open is not null && (name.SequenceEqual("response.output_text.delta"u8) || name.SequenceEqual("response.function_call_arguments.delta"u8)))
        {
            _deltas.Add(data.ToArray());
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
        var text = new StringBuilder();
        foreach (var data in _deltas) text.Append(Delta(data));
        return open switch
        {
            MessageItem message => new MessageItem
            {
                Id = message.Id,
                Role = message.Role,
                Status = ItemStatus.Incomplete,
                Content = text.Length == 0 ? [] : [new OutputTextPart { Text = text.ToString() }],
            },
            FunctionCallItem call => new FunctionCallItem
            {
                Id = call.Id,
                CallId = call.CallId,
                Name = call.Name,
                Status = ItemStatus.Incomplete,
                Arguments = text.ToString(),
            },
            _ => null,
        };
    }

    private static string Delta(byte[] data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.GetProperty("delta"u8).GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
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
