using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mka1.Edge.Architecture.Tests.Configuration;

/// <summary>The summaries that a compiler wrote beside an assembly, as plain text with code in backticks.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    public XmlDocumentation(Assembly assembly) =>
        _members = XElement.Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The summary of a property.</summary>
    /// <exception cref="KeyNotFoundException">The property has none.</exception>
    public string Of(PropertyInfo property)
    {
        var summary = _members[$"P:{property.DeclaringType!.FullName}.{property.Name}"].Element("summary")!;
        return Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{JsonNamingPolicy.CamelCase.ConvertName(see.Attribute("cref")!.Value.Split('.')[^1])}`",
        _ => throw new InvalidOperationException($"Documentation of a setting holds {node}."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
