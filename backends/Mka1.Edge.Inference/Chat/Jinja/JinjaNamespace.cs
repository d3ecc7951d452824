namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>What <c>namespace()</c> makes: variables that outlive the loop which sets them.</summary>
internal sealed class JinjaNamespace
{
    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);
}
