using System.Globalization;
using System.Text.Json;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>JSON in and out: values of a request for templates, and <c>tojson</c>, which writes what Python's <c>json.dumps(ensure_ascii=False)</c> writes.</summary>
internal static class JinjaJson
{
    /// <summary>The value of a caller's JSON; its texts and keys are marked.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static object? Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return From(document.RootElement);
    }

    /// <param name="value">What to write.</param>
    /// <param name="indent">Spaces a level; none keeps it on one line.</param>
    /// <param name="separators">Between items, and after keys; Python's defaults when null.</param>
    /// <param name="sortKeys">Whether keys are sorted.</param>
    /// <param name="escapeNonAscii">Whether only ASCII is written.</param>
    public static MarkedText Write(object? value, int? indent, (MarkedText Item, MarkedText Key)? separators, bool sortKeys, bool escapeNonAscii)
    {
        var writer = new Writer(indent, separators ?? (indent is null ? ", " : ",", ": "), sortKeys, escapeNonAscii);
        writer.Write(value, 0);
        return writer.Builder.ToText();
    }

    private static object? From(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JinjaMap();
                foreach (var property in element.EnumerateObject())
                    map[MarkedText.FromCaller(property.Name)] = From(property.Value);
                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(From).ToList();
            case JsonValueKind.String:
                return MarkedText.FromCaller(element.GetString()!);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole : (object)element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }

    /// <summary>Writes one value.</summary>
    private sealed class Writer(int? indent, (MarkedText Item, MarkedText Key) separators, bool sortKeys, bool escapeNonAscii)
    {
        public MarkedTextBuilder Builder { get; } = new();

        public void Write(object? value, int level)
        {
            switch (value)
            {
                case null:
                    Builder.Append("null");
                    break;
                case bool flag:
                    Builder.Append(flag ? "true" : "false");
                    break;
                case long or double:
                    Builder.Append(JinjaValue.Repr(value));
                    break;
                case MarkedText text:
                    WriteText(text);
                    break;
                case List<object?> list:
                    WriteAll("[", list, "]", level, item => Write(item, level + 1));
                    break;
                case JinjaMap map:
                    var entries = sortKeys ? map.OrderBy(entry => entry.Key.Value, StringComparer.Ordinal) : map.AsEnumerable();
                    WriteAll("{", [.. entries], "}", level, entry =>
                    {
                        WriteText(entry.Key);
                        Builder.Append(separators.Key);
                        Write(entry.Value, level + 1);
                    });
                    break;
                default:
                    throw new JinjaException($"tojson cannot write {JinjaValue.TypeOf(value)}.");
            }
        }

        private void WriteAll<T>(string open, List<T> items, string close, int level, Action<T> write)
        {
            Builder.Append(open);
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0)
                    Builder.Append(separators.Item);
                NewLine(level + 1);
                write(items[i]);
            }
            if (items.Count > 0)
                NewLine(level);
            Builder.Append(close);
        }

        private void NewLine(int level)
        {
            if (indent is { } width)
                Builder.Append("\n" + new string(' ', width * level));
        }

        private void WriteText(MarkedText text)
        {
            Builder.Append("\"");
            for (var i = 0; i < text.Length; i++)
                Builder.Append(Escape(text.Value[i]), text, i);
            Builder.Append("\"");
        }

        private string Escape(char c) => c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            > '~' when escapeNonAscii => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            _ => c.ToString(),
        };
    }
}
