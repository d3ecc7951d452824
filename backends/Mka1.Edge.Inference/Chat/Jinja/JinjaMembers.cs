namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>What <c>a.b</c> and <c>a[b]</c> find.</summary>
internal static class JinjaMembers
{
    public static object? Attribute(object? target, string name) => target switch
    {
        // As in Python, a method comes before an entry of the same name.
        JinjaMap map => MapMethod(map, name) ?? (map.TryGetValue(name, out var entry) ? entry : new Undefined(name)),
        MarkedText text => (object?)TextMethods.Find(text, name) ?? new Undefined(name),
        JinjaNamespace names => names.Values.TryGetValue(name, out var value) ? value : new Undefined(name),
        LoopState loop => loop.Member(name),
        Undefined undefined => throw new JinjaException($"'{undefined.Name}' is undefined."),
        _ => new Undefined(name),
    };

    public static object? Item(object? target, object? key)
    {
        switch (target)
        {
            case JinjaMap map when key is MarkedText name:
                return map.TryGetValue(name, out var entry) ? entry : MapMethod(map, name.Value) ?? (object)new Undefined(name.Value);
            case List<object?> list when key is long place:
                return place >= -list.Count && place < list.Count ? list[(int)(place < 0 ? place + list.Count : place)] : new Undefined("item");
            case MarkedText text when key is long place:
                return Item(JinjaValue.Items(text), place);
            case Undefined undefined:
                throw new JinjaException($"'{undefined.Name}' is undefined.");
            default:
                return key is MarkedText attribute ? Attribute(target, attribute.Value) : new Undefined("item");
        }
    }

    public static object? Slice(object? target, object? start, object? stop, object? step)
    {
        var by = step is null ? 1 : Whole(step);
        if (by == 0)
            throw new JinjaException("a slice cannot step by 0.");
        if (target is Undefined undefined)
            throw new JinjaException($"'{undefined.Name}' is undefined.");
        if (by == 1 && target is MarkedText plain && plain.Value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            var (first, last) = (Place(start, 0, plain.Length), Place(stop, plain.Length, plain.Length));
            return plain.Slice(first, Math.Max(last - first, 0));
        }
        var items = JinjaValue.Items(target is MarkedText or List<object?> ? target : throw new JinjaException($"{JinjaValue.TypeOf(target)} cannot be sliced."));
        var (low, high) = by > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var from = Bound(start, by > 0 ? low : high);
        var to = Bound(stop, by > 0 ? high : low);
        var result = new List<object?>();
        for (var i = from; by > 0 ? i < to : i > to; i += by)
            result.Add(items[(int)i]);
        return target is MarkedText ? MarkedText.Join("", result.Cast<MarkedText>()) : result;

        long Bound(object? value, long fallback)
        {
            if (value is null)
                return fallback;
            var place = Whole(value);
            return Math.Clamp(place < 0 ? place + items.Count : place, low, high);
        }
    }

    // A bound within a length, counted from its end where it is negative.
    private static int Place(object? value, int fallback, int length) =>
        value is null ? fallback : (int)Math.Clamp(Whole(value) < 0 ? Whole(value) + length : Whole(value), 0, length);

    private static long Whole(object? value) => value is long number ? Math.Clamp(number, int.MinValue, int.MaxValue) : throw new JinjaException("a slice takes whole numbers.");

    private static JinjaFunction? MapMethod(JinjaMap map, string name) => name switch
    {
        "items" => _ => map.Select(JinjaFilters.Pair).ToList<object?>(),
        "keys" => _ => map.Keys.ToList<object?>(),
        "values" => _ => map.Values.ToList(),
        "get" => arguments => arguments.Get(0, "key") is MarkedText key && map.TryGetValue(key, out var value) ? value : arguments.Get(1, "default"),
        _ => null,
    };
}
