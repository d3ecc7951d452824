namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>The values a filter, test or function is called with.</summary>
internal sealed record JinjaArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static JinjaArguments None { get; } = new([], new Dictionary<string, object?>());

    /// <summary>An argument by its place or its name; <paramref name="fallback"/> when it is not given.</summary>
    public object? Get(int place, string name, object? fallback = null) =>
        place < Positional.Count ? Positional[place] : Named.TryGetValue(name, out var value) ? value : fallback;

    public MarkedText? Text(int place, string name) => Get(place, name) switch
    {
        null => null,
        MarkedText text => text,
        var other => throw new JinjaException($"'{name}' is {JinjaValue.TypeOf(other)}, not text."),
    };

    public long Number(int place, string name, long fallback) => Get(place, name, fallback) switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        var other => throw new JinjaException($"'{name}' is {JinjaValue.TypeOf(other)}, not a whole number."),
    };

    /// <summary>All but the first of the positional ones.</summary>
    public JinjaArguments Skip(int count) => new([.. Positional.Skip(count)], Named);
}
