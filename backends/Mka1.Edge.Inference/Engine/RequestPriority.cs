namespace Mka1.Edge.Inference.Engine;

/// <summary>Who goes first when requests wait; it changes nothing for those that run.</summary>
public enum RequestPriority
{
    /// <summary>After all others.</summary>
    Low,

    /// <summary>The usual one.</summary>
    Normal,

    /// <summary>Before all others.</summary>
    High,
}
