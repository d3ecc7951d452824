namespace Mka1.Edge.Policies.Routing;

/// <summary>The kinds of capability a request may need.</summary>
public enum CapabilityKind
{
    Tool,
    Input,
    Modality,
}
