namespace Mka1.Edge.Policies.Routing;

/// <summary>How much reasoning the client asked for itself.</summary>
public enum EffortAsked
{
    Nothing,
    Little,
    Medium,
    Much,
}
