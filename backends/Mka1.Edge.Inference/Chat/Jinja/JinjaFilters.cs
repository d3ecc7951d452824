using System.Globalization;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>The filters that <c>|</c> knows.</summary>
internal static class JinjaFilters
{
    private static readonly Dictionary<string, Func<object?, JinjaArguments, object?>> All = new(StringComparer.Ordinal)
    {
        ["trim"] = (value, arguments) => JinjaValue.Text(value).Trim(arguments.Text(0, "chars")?.Value),
        ["length"] = (value, _) => Length(value),
        ["count"] = (value, _) => Length(value),
        ["string"] = (value, _) => JinjaValue.Text(value),
        ["safe"] = (value, _) => value,
        ["upper"] = (value, _) => TextMethods.Call(JinjaValue.Text(value), "upper", JinjaArguments.None),
        ["lower"] = (value, _) => TextMethods.Call(JinjaValue.Text(value), "lower", JinjaArguments.None),
        ["title"] = (value, _) => TextMethods.Call(JinjaValue.Text(value), "title", JinjaArguments.None),
        ["capitalize"] = (value, _) => TextMethods.Call(JinjaValue.Text(value), "capitalize", JinjaArguments.None),
        ["replace"] = (value, arguments) => TextMethods.Call(JinjaValue.Text(value), "replace", arguments),
        ["default"] = Default,
        ["d"] = Default,
        ["first"] = (value, _) => JinjaValue.Items(value) is [var first, ..] ? first : new Undefined("first"),
        ["last"] = (value, _) => JinjaValue.Items(value) is [.., var last] ? last : new Undefined("last"),
        ["list"] = (value, _) => JinjaValue.Items(value).ToList(),
        ["reverse"] = (value, _) => Enumerable.Reverse(JinjaValue.Items(value)).ToList(),
        ["unique"] = (value, _) => Unique(JinjaValue.Items(value)),
        ["sort"] = Sort,
        ["items"] = (value, _) => value is Undefined ? new List<object?>() : Map(value, "items").Select(Pair).ToList<object?>(),
        ["dictsort"] = (value, _) => Map(value, "dictsort").OrderBy(entry => entry.Key.Value.ToLowerInvariant(), StringComparer.Ordinal).Select(Pair).ToList<object?>(),
        ["join"] = (value, arguments) => MarkedText.Join(arguments.Text(0, "d") ?? "", Picked(JinjaValue.Items(value), arguments.Get(1, "attribute")).Select(JinjaValue.Text)),
        ["map"] = Mapped,
        ["select"] = (value, arguments) => Selected(value, arguments, attribute: false, keep: true),
        ["reject"] = (value, arguments) => Selected(value, arguments, attribute: false, keep: false),
        ["selectattr"] = (value, arguments) => Selected(value, arguments, attribute: true, keep: true),
        ["rejectattr"] = (value, arguments) => Selected(value, arguments, attribute: true, keep: false),
        ["tojson"] = ToJson,
        ["int"] = (value, arguments) => ToInt(value, arguments.Number(0, "default", 0)),
        ["float"] = (value, _) => ToFloat(value),
        ["abs"] = (value, _) => value switch { long number => (object)Math.Abs(number), double real => Math.Abs(real), _ => throw new JinjaException("abs takes a number.") },
        ["min"] = (value, _) => JinjaValue.Items(value).Aggregate((a, b) => JinjaValue.Compare(b, a) < 0 ? b : a),
        ["max"] = (value, _) => JinjaValue.Items(value).Aggregate((a, b) => JinjaValue.Compare(b, a) > 0 ? b : a),
        ["indent"] = Indent,
    };

    public static bool Known(string name) => All.ContainsKey(name);

    public static object? Apply(string name, object? value, JinjaArguments arguments) =>
        All.TryGetValue(name, out var filter) ? filter(value, arguments) : throw new JinjaException($"the filter '{name}' is not supported.");

    /// <summary>A mapping entry as a pair.</summary>
    public static List<object?> Pair(KeyValuePair<MarkedText, object?> entry) => [entry.Key, entry.Value];

    private static long Length(object? value) => value switch
    {
        JinjaMap map => map.Count,
        MarkedText text => text.Value.EnumerateRunes().LongCount(),
        _ => JinjaValue.Items(value).Count,
    };

    private static object? Default(object? value, JinjaArguments arguments)
    {
        var replaces = value is Undefined || (JinjaValue.IsTrue(arguments.Get(1, "boolean", false)) && !JinjaValue.IsTrue(value));
        return replaces ? arguments.Get(0, "default_value", MarkedText.Empty) : value;
    }

    private static JinjaMap Map(object? value, string filter) => value as JinjaMap ?? throw new JinjaException($"{filter} takes a mapping, not {JinjaValue.TypeOf(value)}.");

    private static List<object?> Unique(List<object?> items)
    {
        var result = new List<object?>();
        foreach (var item in items)
        {
            if (!result.Exists(other => JinjaValue.Equals(other, item)))
                result.Add(item);
        }
        return result;
    }

    private static List<object?> Sort(object? value, JinjaArguments arguments)
    {
        var attribute = arguments.Get(2, "attribute");
        var sorted = JinjaValue.Items(value).OrderBy(item => Folded(attribute is null ? item : Pick(item, attribute)), Comparer<object?>.Create(JinjaValue.Compare)).ToList();
        if (JinjaValue.IsTrue(arguments.Get(0, "reverse", false)))
            sorted.Reverse();
        return sorted;

        static object? Folded(object? item) => item is MarkedText text ? text.With(text.Value.ToLowerInvariant()) : item;
    }

    private static IEnumerable<object?> Picked(List<object?> items, object? attribute) =>
        attribute is null ? items : items.Select(item => Pick(item, attribute));

    private static object? Pick(object? item, object? attribute)
    {
        foreach (var part in (attribute as MarkedText ?? throw new JinjaException("an attribute is named by a text.")).Value.Split('.'))
            item = JinjaMembers.Attribute(item, part);
        return item;
    }

    private static List<object?> Mapped(object? value, JinjaArguments arguments)
    {
        var items = JinjaValue.Items(value);
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            return Picked(items, attribute).Select(item => item is Undefined && arguments.Named.TryGetValue("default", out var fallback) ? fallback : item).ToList();
        }
        var filter = arguments.Text(0, "filter")?.Value ?? throw new JinjaException("map takes a filter or an attribute.");
        return items.Select(item => Apply(filter, item, arguments.Skip(1))).ToList();
    }

    private static List<object?> Selected(object? value, JinjaArguments arguments, bool attribute, bool keep)
    {
        var test = arguments.Text(attribute ? 1 : 0, "test")?.Value;
        var rest = arguments.Skip(attribute ? 2 : 1);
        return JinjaValue.Items(value).Where(item =>
        {
            var tested = attribute ? Pick(item, arguments.Get(0, "attribute")) : item;
            return (test is null ? JinjaValue.IsTrue(tested) : JinjaTests.Holds(test, tested, rest)) == keep;
        }).ToList();
    }

    private static MarkedText ToJson(object? value, JinjaArguments arguments)
    {
        var indent = arguments.Named.TryGetValue("indent", out var width) && width is long spaces ? (int?)Math.Clamp(spaces, 0, 16)
            : arguments.Positional is [long first, ..] ? (int?)Math.Clamp(first, 0, 16) : null;
        var separators = arguments.Named.GetValueOrDefault("separators") is List<object?> and [MarkedText item, MarkedText key] ? (item, key) : default((MarkedText, MarkedText)?);
        return JinjaJson.Write(value, indent, separators, JinjaValue.IsTrue(arguments.Named.GetValueOrDefault("sort_keys")), JinjaValue.IsTrue(arguments.Named.GetValueOrDefault("ensure_ascii")));
    }

    private static long ToInt(object? value, long fallback) => value switch
    {
        long number => number,
        bool flag => flag ? 1L : 0L,
        double real when Math.Abs(real) < long.MaxValue => (long)real,
        MarkedText text when long.TryParse(text.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => fallback,
    };

    private static double ToFloat(object? value) =>
        JinjaValue.Number(value) ?? (value is MarkedText text && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0.0);

    private static MarkedText Indent(object? value, JinjaArguments arguments)
    {
        var space = arguments.Get(0, "width", 4L) is MarkedText text ? text : (MarkedText)new string(' ', (int)Math.Clamp(arguments.Number(0, "width", 4), 0, 64));
        var indentsFirst = JinjaValue.IsTrue(arguments.Get(1, "first", false));
        var indentsBlank = JinjaValue.IsTrue(arguments.Get(2, "blank", false));
        var lines = ((List<object?>)TextMethods.Call(JinjaValue.Text(value), "split", new([(MarkedText)"\n"], JinjaArguments.None.Named))!).Cast<MarkedText>();
        return MarkedText.Join("\n", lines.Select((line, i) =>
            (i == 0 ? indentsFirst : indentsBlank || line.Length > 0) ? new MarkedTextBuilder().Append(space).Append(line).ToText() : line));
    }
}
