namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Python's methods of text.</summary>
internal static class TextMethods
{
    private static readonly Dictionary<string, Func<MarkedText, JinjaArguments, object?>> All = new(StringComparer.Ordinal)
    {
        ["strip"] = (text, arguments) => text.Trim(arguments.Text(0, "chars")?.Value),
        ["lstrip"] = (text, arguments) => text.Trim(arguments.Text(0, "chars")?.Value, right: false),
        ["rstrip"] = (text, arguments) => text.Trim(arguments.Text(0, "chars")?.Value, left: false),
        ["upper"] = (text, _) => text.With(text.Value.ToUpperInvariant()),
        ["lower"] = (text, _) => text.With(text.Value.ToLowerInvariant()),
        ["title"] = (text, _) => text.With(string.Concat(text.Value.Select((c, i) => i > 0 && char.IsLetter(text.Value[i - 1]) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        ["capitalize"] = (text, _) => text.With(text.Length == 0 ? "" : char.ToUpperInvariant(text.Value[0]) + text.Value[1..].ToLowerInvariant()),
        ["startswith"] = (text, arguments) => Affixes(arguments).Exists(affix => text.Value.StartsWith(affix, StringComparison.Ordinal)),
        ["endswith"] = (text, arguments) => Affixes(arguments).Exists(affix => text.Value.EndsWith(affix, StringComparison.Ordinal)),
        ["replace"] = (text, arguments) => text.Replace(
            arguments.Text(0, "old")?.Value ?? "", arguments.Text(1, "new") ?? throw new JinjaException("replace takes two texts."), (int)Math.Clamp(arguments.Number(2, "count", -1), -1, int.MaxValue)),
        ["split"] = (text, arguments) => Split(text, arguments.Text(0, "sep")?.Value, arguments.Number(1, "maxsplit", -1), fromEnd: false),
        ["rsplit"] = (text, arguments) => Split(text, arguments.Text(0, "sep")?.Value, arguments.Number(1, "maxsplit", -1), fromEnd: true),
        ["splitlines"] = (text, _) => text.Length == 0 ? [] : Split(text.Value.EndsWith('\n') ? text.Slice(0, text.Length - 1) : text, "\n", -1, fromEnd: false),
        ["join"] = (text, arguments) => MarkedText.Join(text, JinjaValue.Items(arguments.Get(0, "iterable")).Select(item => item as MarkedText ?? throw new JinjaException("join takes texts."))),
        ["find"] = (text, arguments) => (long)text.Value.IndexOf(arguments.Text(0, "sub")?.Value ?? "", StringComparison.Ordinal),
        ["rfind"] = (text, arguments) => (long)text.Value.LastIndexOf(arguments.Text(0, "sub")?.Value ?? "", StringComparison.Ordinal),
        ["count"] = (text, arguments) => (long)(Split(text, arguments.Text(0, "sub")?.Value, -1, fromEnd: false).Count - 1),
        ["isdigit"] = (text, _) => text.Length > 0 && text.Value.All(char.IsDigit),
        ["isalpha"] = (text, _) => text.Length > 0 && text.Value.All(char.IsLetter),
        ["isalnum"] = (text, _) => text.Length > 0 && text.Value.All(char.IsLetterOrDigit),
        ["isspace"] = (text, _) => text.Length > 0 && text.Value.All(char.IsWhiteSpace),
        ["removeprefix"] = (text, arguments) => arguments.Text(0, "prefix") is { } prefix && text.Value.StartsWith(prefix.Value, StringComparison.Ordinal) ? text.Slice(prefix.Length, text.Length - prefix.Length) : text,
        ["removesuffix"] = (text, arguments) => arguments.Text(0, "suffix") is { Length: > 0 } suffix && text.Value.EndsWith(suffix.Value, StringComparison.Ordinal) ? text.Slice(0, text.Length - suffix.Length) : text,
    };

    /// <summary>The method bound to its text, or null when there is none of this name.</summary>
    public static JinjaFunction? Find(MarkedText text, string name) => All.TryGetValue(name, out var method) ? arguments => method(text, arguments) : null;

    public static object? Call(MarkedText text, string name, JinjaArguments arguments) => All[name](text, arguments);

    private static List<string> Affixes(JinjaArguments arguments) => arguments.Get(0, "prefix") switch
    {
        MarkedText text => [text.Value],
        List<object?> list => [.. list.OfType<MarkedText>().Select(text => text.Value)],
        var other => throw new JinjaException($"startswith and endswith take a text, not {JinjaValue.TypeOf(other)}."),
    };

    private static List<object?> Split(MarkedText text, string? separator, long limit, bool fromEnd)
    {
        if (separator is null)
            return Words(text, limit);
        if (separator.Length == 0)
            throw new JinjaException("split takes a separator that is not empty.");
        var parts = new List<object?>();
        var (start, end) = (0, text.Length);
        while (limit != 0)
        {
            var found = fromEnd ? text.Value.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal) : text.Value.IndexOf(separator, start, StringComparison.Ordinal);
            if (found < 0)
                break;
            if (fromEnd)
            {
                parts.Insert(0, text.Slice(found + separator.Length, end - found - separator.Length));
                end = found;
            }
            else
            {
                parts.Add(text.Slice(start, found - start));
                start = found + separator.Length;
            }
            limit--;
        }
        parts.Insert(fromEnd ? 0 : parts.Count, text.Slice(start, end - start));
        return parts;
    }

    private static List<object?> Words(MarkedText text, long limit)
    {
        var words = new List<object?>();
        var rest = text.Trim(null, right: false);
        while (rest.Length > 0)
        {
            var end = 0;
            while (end < rest.Length && !char.IsWhiteSpace(rest.Value[end]))
                end++;
            if (limit-- == 0)
                end = rest.Trim(null, left: false).Length;
            words.Add(rest.Slice(0, end));
            rest = rest.Slice(end, rest.Length - end).Trim(null, right: false);
        }
        return words;
    }
}
