namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class LoopState(List<object?> items)
{
    /// <summary>The round, from 0.</summary>
    public int Index { get; set; }

    public object? Member(string name) => name switch
    {
        "index" => (long)Index + 1,
        "index0" => (long)Index,
        "revindex" => (long)items.Count - Index,
        "revindex0" => (long)items.Count - Index - 1,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : new Undefined(name),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new Undefined(name),
        "cycle" => (JinjaFunction)(arguments => arguments.Positional[Index % arguments.Positional.Count]),
        _ => new Undefined("loop." + name),
    };
}
