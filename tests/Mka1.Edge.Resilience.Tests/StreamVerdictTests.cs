using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests;

/// <summary>The checker itself: it passes what is whole, and finds whatever is done to it.</summary>
public sealed class StreamVerdictTests
{
    private static readonly PacedRequest Request = PacedRequest.New(deltas: 12, delayMs: 0);

    [Fact]
    public void A_whole_stream_passes() => Assert.Equal(StreamVerdict.Good, Judge(Whole()));

    [Fact]
    public void Every_event_that_is_dropped_is_missed()
    {
        for (var i = 0; i < Request.Events; i++)
        {
            var events = Whole();
            events.RemoveAt(i);
            Assert.Equal(1, Judge(events).Missing);
        }
    }

    [Fact]
    public void Every_event_that_is_doubled_is_found()
    {
        for (var i = 0; i < Request.Events; i++)
        {
            var events = Whole();
            events.Insert(i, events[i]);
            Assert.Equal(1, Judge(events).Duplicate);
        }
    }

    [Fact]
    public void Every_event_that_is_changed_is_found()
    {
        for (var i = 0; i < Request.Events; i++)
        {
            var events = Whole();
            events[i] = events[i] with { Data = events[i].Data + " " };
            Assert.Equal(1, Judge(events).Differing);
        }
    }

    [Fact]
    public void Events_that_are_exchanged_are_found()
    {
        var events = Whole();
        (events[5], events[6]) = (events[6], events[5]);
        Assert.Equal(1, Judge(events).Reordered);
    }

    [Fact]
    public void A_stream_without_an_end_and_one_with_two_are_found()
    {
        var events = Whole();
        Assert.Equal(0, Judge([.. events.SkipLast(1)]).Terminals);
        Assert.Equal(2, Judge([.. events, events[^1] with { Sequence = 99 }]).Terminals);
    }

    [Fact]
    public void A_hole_that_every_reader_has_is_found()
    {
        var events = Whole();
        events.RemoveAt(7);
        var verdict = StreamVerdict.Of(events, events, Request.Text);
        Assert.Equal((1, true), (verdict.Missing, verdict.WrongText));
    }

    [Fact]
    public void The_text_of_another_try_or_of_another_request_is_found()
    {
        Assert.NotEqual(Request.Text, PacedText.Whole(Request.Seed, 2, Request.Deltas));
        Assert.True(StreamVerdict.Of(Whole(), Whole(), PacedText.Whole(Request.Seed, 2, Request.Deltas)).WrongText);
        Assert.True(StreamVerdict.Of(Whole(), Whole(), PacedRequest.New(Request.Deltas, 0).Text).WrongText);
    }

    private static StreamVerdict Judge(List<ReceivedEvent> events) => StreamVerdict.Of(events, Whole(), Request.Text);

    private static List<ReceivedEvent> Whole()
    {
        var events = new PacedEvents(Request, 1);
        var text = events.Opening() + events.Begin() + string.Concat(Enumerable.Range(0, Request.Deltas).Select(events.Delta)) + events.Closing();
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('\n')).Select(lines => ReceivedEvent.Read(lines[0]["event: ".Length..], lines[1]["data: ".Length..]))];
    }
}
