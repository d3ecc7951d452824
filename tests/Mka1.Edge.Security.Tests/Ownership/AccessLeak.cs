namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>A case whose answer tells that there is something.</summary>
/// <param name="Case">The case.</param>
/// <param name="Came">What was answered.</param>
/// <param name="Unknown">What an unknown id gives.</param>
public sealed record AccessLeak(AccessCase Case, Answer Came, Answer Unknown)
{
    public override string ToString() => $"{Case}{Environment.NewLine}  came:    {Came}{Environment.NewLine}  unknown: {Unknown}";
}
