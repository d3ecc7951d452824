using System.Text;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The rules of contract.md E.3 to E.9, each broken once.</summary>
public sealed class Accumulating_events
{
    [Fact]
    public void A_sound_stream_gives_its_final_response()
    {
        Assert.Null(Streams.Check(Streams.Read(Streams.Full()), out var final));
        Assert.Equal("Hello \"é😀\"\n", final!.OutputText);
        Assert.Equal(Usage.Of(8, 7, 2, 3), final.Usage);
        Assert.Equal(3, final.Output.Count);
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { "first event is not created", "begins with" },
        { "sequence gap", "sequence_number" },
        { "sequence repeats", "sequence_number" },
        { "sequence missing", "no sequence_number" },
        { "sequence is text", "no sequence_number" },
        { "id changes", "id changes" },
        { "output index reused", "output_index" },
        { "delta before item", "was not added" },
        { "delta to another item id", "another item_id" },
        { "delta to missing part", "no open part" },
        { "delta after text done", "after its text was done" },
        { "text is not its deltas", "not its deltas joined" },
        { "item id changes", "changes its id" },
        { "item type changes", "is done as" },
        { "call id changes", "changes its call_id" },
        { "item text differs", "another part" },
        { "arguments differ", "other arguments" },
        { "item done with open part", "a part of it is open" },
        { "final output shorter", "items were streamed" },
        { "final output differs", "not the item" },
        { "status contradicts", "another status" },
        { "usage missing", "no usage" },
        { "event after terminal", "after the terminal" },
        { "no terminal event", "without a terminal" },
        { "top level error key", "member 'error'" },
        { "sse name differs", "SSE event name" },
        { "not json", "not sound JSON" },
        { "duplicate key", "not sound JSON" },
        { "wrong field type", "its type's fields" },
        { "huge output index", "its type's fields" },
        { "negative output index", "was not added" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_broken_rule_is_a_violation(string fault, string says)
    {
        var events = Streams.Read(Streams.Full());
        var text = events.FindIndex(item => item.Event == EventNames.OutputTextDelta);
        switch (fault)
        {
            case "first event is not created": events.RemoveAt(0); events[0].Data["sequence_number"] = 0; break;
            case "sequence gap": events[5].Data["sequence_number"] = 6; break;
            case "sequence repeats": events[5].Data["sequence_number"] = 4; break;
            case "sequence missing": events[5].Data.Remove("sequence_number"); break;
            case "sequence is text": events[5].Data["sequence_number"] = "5"; break;
            case "id changes": events[1].Data["response"]!["id"] = "resp_b"; break;
            case "output index reused": Find(events, EventNames.OutputItemAdded, 1)["output_index"] = 0; break;
            case "delta before item": events[text].Data["output_index"] = 2; break;
            case "delta to another item id": events[text].Data["item_id"] = "msg_2"; break;
            case "delta to missing part": events[text].Data["content_index"] = 1; break;
            case "delta after text done": Swap(events, text + 1, text + 2); break;
            case "text is not its deltas": Find(events, EventNames.OutputTextDone)["text"] = "other"; break;
            case "item id changes": Find(events, EventNames.OutputItemDone, 1)["item"]!["id"] = "msg_2"; break;
            case "item type changes": Find(events, EventNames.OutputItemDone, 1)["item"]!["type"] = "reasoning"; break;
            case "call id changes": Find(events, EventNames.OutputItemDone, 2)["item"]!["call_id"] = "call_2"; break;
            case "item text differs": Find(events, EventNames.OutputItemDone, 1)["item"]!["content"]![0]!["text"] = "other"; break;
            case "arguments differ": Find(events, EventNames.OutputItemDone, 2)["item"]!["arguments"] = "{}"; break;
            case "item done with open part": Remove(events, EventNames.ContentPartDone); break;
            case "final output shorter": events[^1].Data["response"]!["output"]!.AsArray().RemoveAt(0); break;
            case "final output differs": events[^1].Data["response"]!["output"]![1]!["id"] = "msg_2"; break;
            case "status contradicts": events[^1].Data["response"]!["status"] = "failed"; break;
            case "usage missing": events[^1].Data["response"]!["usage"] = null; break;
            case "event after terminal": events.Add((EventNames.InProgress, With(events[1].Data, events.Count))); break;
            case "no terminal event": events.RemoveAt(events.Count - 1); break;
            case "top level error key": events[text].Data["error"] = new JsonObject(); break;
            case "sse name differs": events[text] = (EventNames.RefusalDelta, events[text].Data); break;
            case "wrong field type": events[text].Data["delta"] = 5; break;
            case "huge output index": events[text].Data["output_index"] = 1L << 40; break;
            case "negative output index": events[text].Data["output_index"] = -1; break;
            case "not json": Assert.Contains(says, Raw("{"), StringComparison.Ordinal); return;
            case "duplicate key": Assert.Contains(says, Raw("""{"type":"a","type":"b"}"""), StringComparison.Ordinal); return;
            default: throw new ArgumentException(fault, nameof(fault));
        }

        Assert.Contains(says, Streams.Check(events, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void Extension_events_and_extra_fields_are_let_through()
    {
        var events = Streams.Read(Streams.Full());
        events[5].Data["obfuscation"] = "x9";
        var extension = new JsonObject { ["type"] = "mka1:progress", ["sequence_number"] = 6 };
        events.Insert(6, ("mka1:progress", extension));
        for (var i = 7; i < events.Count; i++)
            events[i].Data["sequence_number"] = i;

        Assert.Null(Streams.Check(events, out _));
    }

    [Fact]
    public void Mutated_events_never_throw()
    {
        var random = new Random(11);
        var events = Streams.Read(Streams.Full()).Select(item => Encoding.UTF8.GetBytes(item.Data.ToJsonString())).ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var accumulator = new ResponseAccumulator();
            var broken = random.Next(events.Length);
            for (var i = 0; i < events.Length; i++)
            {
                var data = (byte[])events[i].Clone();
                if (i == broken)
                    data[random.Next(data.Length)] = (byte)random.Next(256);
                accumulator.Accept(default, data);
            }

            accumulator.End();
        }
    }

    private static string Raw(string data) => Assert.IsType<StreamStep.Violation>(new ResponseAccumulator().Accept(default, Encoding.UTF8.GetBytes(data))).Message;

    private static JsonObject Find(List<(string Event, JsonObject Data)> events, string name, int skip = 0) =>
        events.Where(item => item.Event == name).ElementAt(skip).Data;

    private static void Remove(List<(string Event, JsonObject Data)> events, string name)
    {
        events.RemoveAt(events.FindIndex(item => item.Event == name));
        Renumber(events);
    }

    private static void Swap(List<(string Event, JsonObject Data)> events, int first, int second)
    {
        (events[first], events[second]) = (events[second], events[first]);
        // The text event now closes before the last delta: its text must match what came so far.
        events[first].Data["text"] = "Hel";
        Renumber(events);
    }

    private static void Renumber(List<(string Event, JsonObject Data)> events)
    {
        for (var i = 0; i < events.Count; i++)
            events[i].Data["sequence_number"] = i;
    }

    private static JsonObject With(JsonObject data, int number)
    {
        var copy = data.DeepClone().AsObject();
        copy["sequence_number"] = number;
        return copy;
    }
}
