namespace Mka1.Edge.Telemetry;

/// <summary>
/// A fact in words, as a gauge that is always 1: the words are its labels. It has one series, the one of now; an instrument of the
/// OpenTelemetry SDK would go on showing every value there ever was.
/// </summary>
/// <param name="Name">The metric's name, with dots.</param>
/// <param name="Description">What it tells.</param>
/// <param name="Labels">The words as they are now, by their names; asked at every scrape.</param>
public sealed record InfoMetric(string Name, string Description, Func<IReadOnlyList<KeyValuePair<string, string>>> Labels);
