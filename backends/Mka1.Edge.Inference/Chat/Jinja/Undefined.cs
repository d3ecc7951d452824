namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>What a name without a value stands for: empty text, false, nothing to loop over; it has no members.</summary>
internal sealed class Undefined(string name)
{
    public string Name { get; } = name;
}
