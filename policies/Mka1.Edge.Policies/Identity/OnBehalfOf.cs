namespace Mka1.Edge.Policies.Identity;

/// <summary>
/// What the <c>X-On-Behalf-Of</c> header says: the caller's own id of the end user it acts for
/// (1–150 printable ASCII characters, not <c>*</c>, sent once).
/// </summary>
public abstract record OnBehalfOf
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-On-Behalf-Of";

    /// <summary>Most characters an end-user id may have.</summary>
    public const int MaxLength = 150;

    private OnBehalfOf() { }

    /// <summary>The header was not sent.</summary>
    public sealed record Absent : OnBehalfOf
    {
        public static readonly Absent Instance = new();
    }

    /// <summary>The header names one end user.</summary>
    public sealed record User(string Id) : OnBehalfOf;

    /// <summary>The header cannot be used; <paramref name="Reason"/> is for the client to read.</summary>
    public sealed record Malformed(string Reason) : OnBehalfOf;

    /// <summary>Reads the header's values as they came, one entry for each time it was sent.</summary>
    public static OnBehalfOf Read(IReadOnlyList<string?> values)
    {
        if (values.Count == 0) return Absent.Instance;
        if (values.Count > 1) return new Malformed("X-On-Behalf-Of may be sent once only.");

        var id = values[0] ?? "";
        if (string.IsNullOrWhiteSpace(id))
            return new Malformed("X-On-Behalf-Of is empty. Send the end user's id, or leave the header out.");
        if (id.Length > MaxLength)
            return new Malformed($"X-On-Behalf-Of is {id.Length} characters long; at most {MaxLength} are allowed.");
        if (id.AsSpan().ContainsAnyExceptInRange('\x20', '\x7e'))
            return new Malformed("X-On-Behalf-Of may hold printable ASCII characters only (0x20 to 0x7E).");
        if (id == "*")
            return new Malformed("X-On-Behalf-Of may not be '*': name one end user, or leave the header out.");
        return new User(id);
    }
}
