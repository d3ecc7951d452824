namespace Mka1.Edge.Policies.Routing;

/// <summary>Something in a request that not every variant can serve.</summary>
/// <param name="Kind">Which list of <see cref="ModelCapabilities"/> must hold it.</param>
/// <param name="Name">The tool, content part or modality, by its wire name.</param>
/// <param name="Param">Where it stands in the request, as a JSON path.</param>
public readonly record struct CapabilityNeed(CapabilityKind Kind, string Name, string Param)
{
    /// <summary>Whether <paramref name="capabilities"/> hold it.</summary>
    public bool IsMetBy(ModelCapabilities capabilities) => Kind switch
    {
        CapabilityKind.Tool => capabilities.Tools.Contains(Name),
        CapabilityKind.Input => capabilities.Inputs.Contains(Name),
        _ => capabilities.Modalities.Contains(Name),
    };
}
