using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The event stream algorithm of the HTML standard, over the whole text at once.</summary>
internal static class ReferenceSse
{
    public static List<(string Event, string Data)> Parse(byte[] stream)
    {
        var text = Encoding.Latin1.GetString(stream);
        if (text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal))
            text = text[3..];
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var events = new List<(string, string)>();
        var name = string.Empty;
        List<string>? data = null;
        // The last piece has no line end: it is no line yet.
        foreach (var line in lines.AsSpan(0, lines.Length - 1))
        {
            if (line.Length == 0)
            {
                if (data is not null)
                    events.Add((name, string.Join('\n', data)));
                (name, data) = (string.Empty, null);
                continue;
            }

            var colon = line.IndexOf(':');
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? string.Empty : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            if (field == "event")
                name = value;
            else if (field == "data")
                (data ??= []).Add(value);
        }

        return events;
    }
}
