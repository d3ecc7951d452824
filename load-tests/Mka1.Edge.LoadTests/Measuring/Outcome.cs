using System.Globalization;

namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>What became of one request, or of one arrival that takes several.</summary>
/// <param name="Ok">Whether it went as it should.</param>
/// <param name="Label">By what it is counted: a status, or a word.</param>
/// <param name="Events">Events of streams that it read.</param>
/// <param name="Kind">Sets requests of one load apart, such as those of two tenants.</param>
internal readonly record struct Outcome(bool Ok, string Label, int Events = 0, string Kind = Outcome.OneKind)
{
    /// <summary>The kind where there is only one.</summary>
    public const string OneKind = "requests";

    private static readonly string[] Labels = [.. Enumerable.Range(0, 1000).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    /// <param name="status">HTTP status; 0 for a broken connection.</param>
    /// <param name="events">Events of its stream.</param>
    /// <param name="kind">Its kind.</param>
    public static Outcome Of(int status, int events = 0, string kind = OneKind) => new(status is >= 200 and < 300, Labels[status], events, kind);
}
