namespace Mka1.Edge.Inference.Constraints.Patterns;

/// <summary>The values of <c>format</c> that are enforced, as patterns: each allows a part of the format that every reader accepts.</summary>
internal static class StringFormats
{
    // RFC 3339; years 1000 to 2999, no leap days, no leap seconds.
    private const string Date = "[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
    private const string Time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])";
    private const string Octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    // Dot-atoms of RFC 5322 with letters and digits, and host names of RFC 1123.
    private const string Email = "[A-Za-z0-9_+-]{1,30}(?:[.][A-Za-z0-9_+-]{1,30})?@(?:[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,30})?[.]){1,3}[A-Za-z]{2,12}";

    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["date"] = $"^{Date}$",
        ["time"] = $"^{Time}$",
        ["date-time"] = $"^{Date}T{Time}$",
        ["email"] = $"^{Email}$",
        ["uuid"] = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ["ipv4"] = $"^(?:{Octet}[.]){{3}}{Octet}$",
    };

    /// <summary>The pattern of a format; null when the format is one that is not enforced.</summary>
    public static string? Find(string format) => Patterns.GetValueOrDefault(format);
}
