namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Variables of a template, a macro or one round of a loop.</summary>
internal sealed class JinjaScope(JinjaScope? parent)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get => _values.TryGetValue(name, out var value) ? value : parent is null ? new Undefined(name) : parent[name];
        set => _values[name] = value;
    }
}
