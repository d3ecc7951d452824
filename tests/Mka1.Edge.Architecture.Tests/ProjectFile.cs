using System.Xml.Linq;

namespace Mka1.Edge.Architecture.Tests;

/// <summary>One project file.</summary>
/// <param name="Path">Where it lies, relative to the root.</param>
/// <param name="Xml">What it holds.</param>
internal sealed record ProjectFile(string Path, XElement Xml)
{
    private const string Extension = ".csproj";

    /// <summary>Every project of the repository.</summary>
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Repository.Files.Where(path => path.EndsWith(Extension, StringComparison.Ordinal)).Select(path => new ProjectFile(path, XElement.Load(Repository.Absolute(path))))];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Names of the projects it refers to.</summary>
    public IEnumerable<string> References => Includes("ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));

    /// <summary>The values of <c>Include</c> on elements of one name.</summary>
    public IEnumerable<string> Includes(string element) => Xml.Descendants(element).Select(item => item.Attribute("Include")?.Value).OfType<string>();
}
