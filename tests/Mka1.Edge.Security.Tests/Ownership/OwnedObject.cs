using System.Text.RegularExpressions;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Something that belongs to somebody.</summary>
/// <param name="Name">For reports, such as <c>queued</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Parts">Further ids that requests name it with: of what it is in, or of what is in it.</param>
public sealed partial record OwnedObject(string Name, ObjectKind Kind, Principal Owner, string Id, IReadOnlyDictionary<string, string> Parts)
{
    /// <summary>False for what was deleted or never kept: its owner gets what an unknown id gives, too.</summary>
    public bool Exists { get; init; } = true;

    /// <summary>Whether it can be cancelled.</summary>
    public bool Background { get; init; }

    /// <summary>Whether a new request can refer to it.</summary>
    public bool Usable { get; init; } = true;

    /// <summary>Where its owner sees all there is of it.</summary>
    public IReadOnlyList<string> Views { get; init; } = [];

    /// <summary>Something of the same kind that nobody has ever heard of.</summary>
    public OwnedObject Unknown() => this with { Id = Fresh(Id), Parts = Parts.ToDictionary(part => part.Key, part => Fresh(part.Value)) };

    public override string ToString() => $"{Kind} {Name} of {Owner}";

    private static string Fresh(string id) => RandomPart().Replace(id, _ => Guid.NewGuid().ToString("N"));

    [GeneratedRegex("(?<=_)[0-9a-f]{32}$")]
    private static partial Regex RandomPart();
}
