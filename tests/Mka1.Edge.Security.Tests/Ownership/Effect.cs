namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>What a request does to its object, in the order in which an owner can try all of them.</summary>
public enum Effect
{
    Reads,
    Changes,
    Cancels,
    DeletesPart,
    Deletes,
}
