namespace Mka1.Edge.Gateway.Identity;

/// <summary>Marks a route that is served without a key. Routes are closed unless they say so.</summary>
internal sealed class OpenRoute
{
    public static readonly OpenRoute Instance = new();
}
