namespace Mka1.Edge.Deployment.Tests.Support;

/// <summary>A test that needs a program of the machine. Where it is missing the test is skipped and says so: it has not passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsAttribute : FactAttribute
{
    /// <param name="program">The program's name on the PATH.</param>
    /// <param name="package">Debian's package that holds it.</param>
    public NeedsAttribute(string program, string package)
    {
        Program = program;
        Package = package;
        if (Programs.Find(program) is null) Skip = $"NOT CHECKED: '{program}' is not on this machine. Install Debian's package '{package}'.";
    }

    public string Program { get; }

    public string Package { get; }
}
