namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>One try to get at something that is someone else's.</summary>
public sealed record AccessCase(AccessPath Path, OwnedObject Target, Principal Caller, IdShape Shape)
{
    /// <summary>Whether nothing but the owner stands between the caller and the object.</summary>
    public bool RestsOnOwnership => Target.Exists && Caller.Owner is not null && Shape.IsSame;

    public override string ToString() => $"{Caller}: {Path} with {Target}, {Shape}";
}
