using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>Every span of every source in this process: names, tags, events, links, baggage.</summary>
internal sealed class SpanTap : IDisposable
{
    private readonly ConcurrentQueue<string> _spans = new();
    private readonly ActivityListener _listener;

    public SpanTap()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _spans.Enqueue(Text(activity)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<string> Spans => [.. _spans];

    public void Dispose() => _listener.Dispose();

    private static string Text(Activity activity)
    {
        var text = new StringBuilder($"{activity.Source.Name} {activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString}");
        Append(activity.TagObjects);
        foreach (var (name, value) in activity.Baggage) text.Append(' ').Append(name).Append('=').Append(value);
        foreach (var happened in activity.Events)
        {
            text.Append(" event ").Append(happened.Name);
            Append(happened.Tags);
        }

        foreach (var link in activity.Links) Append(link.Tags ?? []);
        return text.ToString();

        void Append(IEnumerable<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, value) in tags) text.Append(' ').Append(name).Append('=').Append(value);
        }
    }
}
