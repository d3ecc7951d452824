using Mka1.Edge.ModelServer.Answering;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Answering;

public sealed class ToolCallReaderTests
{
    public static TheoryData<string, string, string> Calls => new()
    {
        { """{"name":"f","arguments":{}}""", "f", "{}" },
        { """{"name":"get_weather","arguments":{"city":"Paris"}}""", "get_weather", """{"city":"Paris"}""" },
        { "\n{ \"name\" : \"a-1\" , \"arguments\" : {\"x\": [1, {\"y\": null}]} }\n", "a-1", "{\"x\": [1, {\"y\": null}]}" },
        { """{"name":"f","arguments":{"s":"} \" { \\","t":"\\\"]"}}""", "f", """{"s":"} \" { \\","t":"\\\"]"}""" },
        { """{"name":"f","arguments":{"urdu":"لاہور","emoji":"🙂"}}""", "f", """{"urdu":"لاہور","emoji":"🙂"}""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_reads_the_same_wherever_its_pieces_end(string text, string name, string arguments)
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var recorder = new Recorder();
            var reader = new ToolCallReader(recorder);
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(text.Length - at, round == 0 ? text.Length : random.Next(0, 6));
                reader.Append(text.AsSpan(at, length));
                at += length;
            }

            reader.End();
            Assert.Equal([$"call:{name}", $"arguments:{arguments}", "end"], recorder.Parts);
        }
    }

    [Fact]
    public void The_name_is_told_before_any_argument_has_come()
    {
        var recorder = new Recorder();
        new ToolCallReader(recorder).Append("""{"name":"f",""");

        Assert.Equal(["call:f"], recorder.Parts);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("""{"arguments":{}}""")]
    [InlineData("""{"name":"f","arguments":"x"}""")]
    [InlineData("""{"name":"f","arguments":{}},""")]
    public void Text_of_another_form_is_a_bug_and_throws(string text) =>
        Assert.Throws<FormatException>(() => new ToolCallReader(new Recorder()).Append(text));

    [Theory]
    [InlineData("")]
    [InlineData("""{"name":"f","arguments":{"a":""")]
    public void A_call_that_ends_early_is_a_bug_and_throws(string text)
    {
        var reader = new ToolCallReader(new Recorder());
        reader.Append(text);

        Assert.Throws<FormatException>(reader.End);
    }
}
