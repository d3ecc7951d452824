using System.Collections;
using System.Globalization;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Python's habits for the values of templates: null, bool, long, double, <see cref="MarkedText"/>, List&lt;object?&gt;, <see cref="JinjaMap"/>, functions.</summary>
internal static class JinjaValue
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined or false or 0L or 0.0 => false,
        MarkedText text => text.Length > 0,
        ICollection collection => collection.Count > 0,
        _ => true,
    };

    public static new bool Equals(object? a, object? b)
    {
        if (Number(a) is { } x && Number(b) is { } y)
            return x.Equals(y);
        return (a, b) switch
        {
            (null or Undefined, _) or (_, null or Undefined) => a?.GetType() == b?.GetType(),
            (List<object?> left, List<object?> right) => left.Count == right.Count && left.Zip(right).All(pair => Equals(pair.First, pair.Second)),
            (JinjaMap left, JinjaMap right) => left.Count == right.Count && left.All(entry => right.TryGetValue(entry.Key, out var other) && Equals(entry.Value, other)),
            _ => a.Equals(b),
        };
    }

    public static int Compare(object? a, object? b)
    {
        if (Number(a) is { } x && Number(b) is { } y)
            return x.CompareTo(y);
        return (a, b) is (MarkedText left, MarkedText right)
            ? string.CompareOrdinal(left.Value, right.Value)
            : throw new JinjaException($"{TypeOf(a)} and {TypeOf(b)} have no order.");
    }

    public static bool Contains(object? container, object? item) => container switch
    {
        MarkedText text when item is MarkedText part => text.Value.Contains(part.Value, StringComparison.Ordinal),
        List<object?> list => list.Exists(element => Equals(element, item)),
        JinjaMap map => item is MarkedText key && map.ContainsKey(key),
        JinjaNamespace names => item is MarkedText key && names.Values.ContainsKey(key.Value),
        Undefined => false,
        _ => throw new JinjaException($"'in' asks {TypeOf(container)}, which holds nothing."),
    };

    /// <summary>What a loop runs over: the keys of a mapping, the code points of a text.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        JinjaMap map => [.. map.Keys],
        MarkedText text => Characters(text),
        Undefined => [],
        _ => throw new JinjaException($"{TypeOf(value)} cannot be looped over."),
    };

    /// <summary>The value as printed.</summary>
    public static MarkedText Text(object? value) => value switch
    {
        MarkedText text => text,
        Undefined => MarkedText.Empty,
        _ => Repr(value),
    };

    /// <summary>The value as Python writes it in a list.</summary>
    public static MarkedText Repr(object? value)
    {
        switch (value)
        {
            case null:
                return "None";
            case bool flag:
                return flag ? "True" : "False";
            case long number:
                return number.ToString(CultureInfo.InvariantCulture);
            case double real:
                return Real(real);
            case MarkedText text:
                return Quoted(text);
            case List<object?> list:
                return new MarkedTextBuilder().Append("[").Append(MarkedText.Join(", ", list.Select(Repr))).Append("]").ToText();
            case JinjaMap map:
                var entries = map.Select(entry => new MarkedTextBuilder().Append(Repr(entry.Key)).Append(": ").Append(Repr(entry.Value)).ToText());
                return new MarkedTextBuilder().Append("{").Append(MarkedText.Join(", ", entries)).Append("}").ToText();
            default:
                throw new JinjaException($"{TypeOf(value)} cannot be printed.");
        }
    }

    /// <summary>A number the way Python writes it.</summary>
    public static string Real(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        if (value != 0 && Math.Abs(value) is < 1e-4 or >= 1e16)
            return Exponential(value);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    // The fewest digits that say which number it is, as in "R", but always with an exponent of two digits or more.
    private static string Exponential(double value)
    {
        var digits = new string([.. value.ToString("R", CultureInfo.InvariantCulture).TakeWhile(c => c != 'E').Where(char.IsAsciiDigit)]).Trim('0');
        var exponent = value.ToString("E16", CultureInfo.InvariantCulture);
        var power = int.Parse(exponent.AsSpan(exponent.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits.AsSpan(1)}" : digits;
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{mantissa}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}");
    }

    public static string TypeOf(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"'{undefined.Name}', which is undefined,",
        bool => "a boolean",
        long or double => "a number",
        MarkedText => "text",
        List<object?> => "a list",
        JinjaMap => "a mapping",
        JinjaFunction => "a function",
        _ => "an object",
    };

    public static double? Number(object? value) => value switch
    {
        long number => number,
        double real => real,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    private static List<object?> Characters(MarkedText text)
    {
        var items = new List<object?>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var width = char.IsHighSurrogate(text.Value[at]) && at + 1 < text.Length && char.IsLowSurrogate(text.Value[at + 1]) ? 2 : 1;
            items.Add(text.Slice(at, width));
            at += width;
        }
        return items;
    }

    private static MarkedText Quoted(MarkedText text)
    {
        var quote = text.Value.Contains('\'', StringComparison.Ordinal) && !text.Value.Contains('"', StringComparison.Ordinal) ? "\"" : "'";
        var builder = new MarkedTextBuilder().Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text.Value[i];
            builder.Append(c switch { '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ when c == quote[0] => "\\" + quote, _ => c.ToString() }, text, i);
        }
        return builder.Append(quote).ToText();
    }
}
