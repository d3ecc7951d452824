namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>A weights file that cannot be used; the message says why and what would help.</summary>
public sealed class RoutingWeightsException : Exception
{
    public RoutingWeightsException(string message)
        : base(message)
    {
    }

    public RoutingWeightsException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public RoutingWeightsException()
    {
    }
}
