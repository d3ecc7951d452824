namespace Mka1.Edge.Policies.Routing;

/// <summary>What a variant can take beyond plain text.</summary>
/// <param name="ContextWindow">Tokens of input and output together; null when not stated.</param>
/// <param name="Tools">Tool types it serves, such as <c>function</c>.</param>
/// <param name="Inputs">Content part types it reads beside text, such as <c>input_image</c>.</param>
/// <param name="Modalities">Output modalities beside text, such as <c>audio</c>.</param>
public sealed record ModelCapabilities(
    int? ContextWindow,
    IReadOnlySet<string> Tools,
    IReadOnlySet<string> Inputs,
    IReadOnlySet<string> Modalities);
