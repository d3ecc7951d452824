using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Delta events get padding that hides their sizes and is the same for every reader.</summary>
public sealed class Obfuscating_events
{
    [Theory]
    [InlineData("response.output_text.delta", "")]
    [InlineData("response.output_text.delta", "a")]
    [InlineData("response.function_call_arguments.delta", "{\"a\":1}")]
    [InlineData("response.audio.delta", "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLL")]
    [InlineData("response.output_text.delta", "مرحبا")]
    public void A_delta_is_padded_to_whole_blocks_and_a_little_more(string type, string delta)
    {
        var data = Event(type, delta);
        for (var sequence = 0; sequence < 100; sequence++)
        {
            var padding = Padding(data, "resp_1", sequence);
            var payload = Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(delta));
            var block = (32 - (payload % 32)) % 32;
            Assert.InRange(padding.Length, block, block + 15);
            Assert.All(padding, letter => Assert.True(char.IsAsciiLetterOrDigit(letter)));
        }
    }

    [Fact]
    public void Every_reader_gets_the_same_bytes_and_every_event_others()
    {
        var data = Event("response.output_text.delta", "a");
        Assert.Equal(Text(data, "resp_1", 7), Text(data, "resp_1", 7));
        Assert.NotEqual(Padding(data, "resp_1", 7), Padding(data, "resp_1", 8));
        Assert.NotEqual(Padding(data, "resp_1", 7), Padding(data, "resp_2", 7));
        Assert.True(Enumerable.Range(0, 200).Select(i => Padding(data, "resp_1", i).Length).Distinct().Count() > 8);
    }

    [Fact]
    public void The_padding_comes_last_and_the_rest_stays_byte_for_byte() =>
        Assert.StartsWith(
            "{\"type\": \"response.output_text.delta\",\"sequence_number\":3,\"delta\":\"\\u00e9\",\"logprobs\":[],\"obfuscation\":\"",
            Text("{\"type\": \"response.output_text.delta\",\"sequence_number\":3,\"delta\":\"\\u00e9\",\"logprobs\":[]}", "resp_1", 3));

    [Fact]
    public void Padding_that_is_there_already_is_replaced()
    {
        var document = JsonDocument.Parse(Text("""{"type":"response.output_text.delta","delta":"a","obfuscation":"old"}""", "resp_1", 3));
        Assert.NotEqual("old", Assert.Single(document.RootElement.EnumerateObject(), p => p.Name == "obfuscation").Value.GetString());
    }

    [Theory]
    [InlineData("""{"type":"response.output_text.done","text":"a"}""")]
    [InlineData("""{"type":"response.completed","response":{"type":"x.delta","delta":"a"}}""")]
    [InlineData("""{"type":"response.odd.delta"}""")]
    [InlineData("""[]""")]
    public void What_is_no_delta_comes_back_as_it_is(string data)
    {
        ReadOnlyMemory<byte> before = Encoding.UTF8.GetBytes(data);
        var after = Obfuscation.Apply(before, "resp_1", 1);
        Assert.True(MemoryMarshal.TryGetArray(before, out var expected) && MemoryMarshal.TryGetArray(after, out var actual) && expected == actual);
    }

    private static string Event(string type, string delta) => $$"""{"type":"{{type}}","sequence_number":3,"delta":{{JsonSerializer.Serialize(delta)}}}""";

    private static string Text(string data, string id, long sequence) =>
        Encoding.UTF8.GetString(Obfuscation.Apply(Encoding.UTF8.GetBytes(data), id, sequence).Span);

    private static string Padding(string data, string id, long sequence) =>
        JsonDocument.Parse(Text(data, id, sequence)).RootElement.GetProperty("obfuscation").GetString()!;
}
