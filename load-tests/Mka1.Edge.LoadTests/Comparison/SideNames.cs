namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>The sides, in the order of the report.</summary>
internal static class SideNames
{
    public const string Direct = "direct";
    public const string Nginx = "nginx";
    public const string Yarp = "yarp";
    public const string Edge = "edge";
    public const string EdgeStored = "edge-stored";
    public const string Portkey = "portkey";

    public static readonly IReadOnlyList<string> All = [Direct, Nginx, Yarp, Edge, EdgeStored, Portkey];
}
