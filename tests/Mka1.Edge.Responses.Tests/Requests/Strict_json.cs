using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The input matrix of reliability.md 3.4: ordinary hostile JSON is a 400, never an exception.</summary>
public sealed class Strict_json
{
    [Theory]
    [InlineData("{\"model\":\"a\",\"model\":\"b\"}", "model")]
    [InlineData("{\"model\":\"a\",\"\\u006dodel\":\"b\"}", "model")]
    [InlineData("{\"model\":\"a\",\"metadata\":{\"k\":\"1\",\"k\":\"2\"}}", "metadata.k")]
    [InlineData("{\"model\":\"a\",\"input\":[{\"role\":\"user\",\"content\":\"a\",\"content\":\"b\"}]}", "input[0].content")]
    [InlineData("{\"model\":\"a\",\"unknown\":[{},{\"x\":{\"a b\":1,\"a b\":2}}]}", "unknown[1].x[\"a b\"]")]
    [InlineData("{\"model\":\"a\",\"Model\":\"b\"}", "Model")]
    [InlineData("{\"model\":\"a\",\"MODEL\":\"b\"}", "MODEL")]
    [InlineData("{\"model\":\"a\",\"\\u004dodel\":\"b\"}", "Model")]
    [InlineData("{\"model\":\"a\",\"Stream\":true}", "Stream")]
    [InlineData("{\"model\":\"a\",\"input\":[{\"Role\":\"system\",\"role\":\"user\",\"content\":\"a\"}]}", "input[0].Role")]
    [InlineData("{\"model\":\"a\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\",\"Text\":\"b\"}]}]}", "input[0].content[0].Text")]
    [InlineData("{\"model\":\"a\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"Name\":\"g\"}]}", "tools[0].Name")]
    [InlineData("{\"model\":\"a\",\"text\":{\"Format\":{\"type\":\"text\"}}}", "text.Format")]
    [InlineData("{\"model\":\"a\",\"temperature\":1e400}", "temperature")]
    [InlineData("{\"model\":\"a\",\"unknown\":[0,-1e131071]}", "unknown[1]")]
    [InlineData("{\"model\":\"\\ud800\"}", "model")]
    [InlineData("{\"model\":\"a\",\"input\":\"x\\udc00\\ud800\"}", "input")]
    [InlineData("{\"model\":\"a\",\"input\":\"\\ud800\\u0041\"}", "input")]
    public void A_fault_of_the_json_names_its_place(string body, string param)
    {
        var error = Parse.Refused(body);

        Assert.Equal(ErrorCode.InvalidJson, error.Code);
        Assert.Equal(param, error.Param);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"model\"")]
    [InlineData("5")]
    [InlineData("true")]
    [InlineData("{\"model\":\"a\"")]
    [InlineData("{\"model\":\"a\"}x")]
    [InlineData("{\"model\":\"a\"}{}")]
    [InlineData("{\"model\":\"a\",}")]
    [InlineData("{\"model\":\"a\"}//")]
    [InlineData("{/**/\"model\":\"a\"}")]
    [InlineData("{\"model\":NaN}")]
    [InlineData("{\"model\":Infinity}")]
    [InlineData("{\"model\":-}")]
    [InlineData("{\"temperature\":01}")]
    [InlineData("{\"temperature\":.5}")]
    [InlineData("{\"temperature\":+5}")]
    [InlineData("{\"temperature\":5.}")]
    [InlineData("{'model':'a'}")]
    [InlineData("{model:\"a\"}")]
    [InlineData("{\"model\":\"a\nb\"}")]
    [InlineData("{\"model\":\"a\0b\"}")]
    [InlineData("{\"model\":\"\\x41\"}")]
    [InlineData("{\"model\":\"\\u12\"}")]
    [InlineData("\uFEFF{\"model\":\"a\"}")]
    public void What_is_not_one_json_object_is_refused(string body)
    {
        var error = Parse.Refused(body);

        Assert.Equal(ErrorCode.InvalidJson, error.Code);
        Assert.Null(error.Param);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Text_that_is_not_utf8_is_refused(byte[] text)
    {
        byte[] body = [.. "{\"model\":\""u8, .. text, .. "\"}"u8];

        Assert.Equal(ErrorCode.InvalidJson, Parse.Refused(body).Code);
        Assert.Equal(ErrorCode.InvalidJson, Parse.Refused(Encoding.Unicode.GetBytes("{\"model\":\"a\"}")).Code);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_bounded_at_64(int depth, bool accepted)
    {
        // The root object is the first level.
        var body = $"{{\"model\":\"m\",\"x\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";

        Assert.Equal(accepted, Parse.Body(body) is ParseResult<CreateResponseRequest>.Parsed);
    }

    [Theory]
    [InlineData("k", 256, true)]
    [InlineData("k", 257, false)]
    [InlineData("😀", 256, true)]
    [InlineData("\\ud83d\\ude00", 256, true)]
    [InlineData("\\ud83d\\ude00", 257, false)]
    [InlineData("k", 1_000_000, false)]
    public void Keys_are_bounded(string letter, int length, bool accepted)
    {
        var body = Parse.With($"\"{string.Concat(Enumerable.Repeat(letter, length))}\":1");

        Assert.Equal(accepted, Parse.Body(body) is ParseResult<CreateResponseRequest>.Parsed);
    }

    [Theory]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    [InlineData(400_000, false)]
    public void Properties_of_one_object_are_bounded(int more, bool accepted)
    {
        var body = Parse.With(string.Join(',', Enumerable.Range(0, more).Select(i => $"\"k{i}\":0")));

        Assert.Equal(accepted, Parse.Body(body) is ParseResult<CreateResponseRequest>.Parsed);
    }

    [Fact]
    public void A_long_number_is_refused() =>
        Assert.Equal("x", Parse.Refused(Parse.With($"\"x\":1{new string('0', 100)}")).Param);

    [Fact]
    public void The_same_key_in_different_objects_is_no_duplicate() =>
        Parse.Accepted(Parse.With("""
            "a":{"k":1},"b":{"k":1},"c":[{"k":1},{"k":{"k":2}}],"k":0
            """));

    [Theory]
    [InlineData("\"__proto__\":{\"admin\":true}")]
    [InlineData("\"$type\":\"System.Object\"")]
    [InlineData("\"constructor\":{}")]
    [InlineData("\"x\":1e-400")]
    [InlineData("\"x\":-0")]
    [InlineData("\"x\":\"\\u0000\"")]
    [InlineData("\"x\":\"\\ud83d\\ude00\"")]
    [InlineData("\"unknown\":{\"Model\":1,\"model\":2}")]
    public void Odd_but_sound_json_is_accepted(string members) => Parse.Accepted(Parse.With(members));

    [Fact]
    public void A_null_character_in_text_is_kept() => Assert.Equal("a\0b", Parse.Accepted(Parse.With("\"instructions\":\"a\\u0000b\"")).Instructions);

    [Fact]
    public void The_body_is_kept_as_it_came()
    {
        var body = """  { "model" : "m" , "temperature":1.50, "x":1E2 } """;

        Assert.Equal(body, Encoding.UTF8.GetString(Parse.Accepted(body).Raw.Span));
    }
}
