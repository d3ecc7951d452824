using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Bodies of the conversations resource: what is taken, and what is refused for which fault.</summary>
public sealed class Conversation_bodies
{
    private const string Message = """{"role":"user","content":"x"}""";

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("{}", 0, 0)]
    [InlineData("""{"items":null,"metadata":null,"unknown":1}""", 0, 0)]
    [InlineData("""{"items":[{"role":"user","content":"x"},{"type":"reasoning","summary":[]}],"metadata":{"a":"1"}}""", 2, 1)]
    public void A_new_conversation(string body, int items, int pairs)
    {
        var request = Parsed(ConversationParser.ParseCreate(Bytes(body)));
        Assert.Equal((items, pairs), (request.Items.Count, request.Metadata.Count));
    }

    [Theory]
    [InlineData("""{"items":"x"}""", "items", ErrorCode.InvalidType)]
    [InlineData("""{"items":[7]}""", "items[0]", ErrorCode.InvalidType)]
    [InlineData("""{"items":[{"role":"user","content":"x"},{"type":"item_reference","id":"msg_1"}]}""", "items[1]", ErrorCode.InvalidValue)]
    [InlineData("""{"items":[{"type":"item_reference","id":"msg_1"}],"metadata":{"a":1}}""", "items[0]", ErrorCode.InvalidValue)]
    [InlineData("""{"metadata":{"a":1},"items":[{"type":"item_reference","id":"msg_1"}]}""", "metadata.a", ErrorCode.InvalidType)]
    [InlineData("""{"items":[{"type":"function_call","call_id":"c","name":"f"}]}""", "items[0].arguments", ErrorCode.MissingRequiredParameter)]
    [InlineData("""{"items":[],"items":[]}""", "items", ErrorCode.InvalidJson)]
    [InlineData("""{"Items":[]}""", "Items", ErrorCode.InvalidJson)]
    [InlineData("""{"items":[""", null, ErrorCode.InvalidJson)]
    [InlineData("7", null, ErrorCode.InvalidJson)]
    public void The_first_fault_of_a_new_conversation_is_named(string body, string? param, ErrorCode code)
    {
        var error = Refused(ConversationParser.ParseCreate(Bytes(body)));
        Assert.Equal((param, code), (error.Param, error.Code));
    }

    [Fact]
    public void Items_come_one_to_twenty_at_a_time()
    {
        string Body(int count) => "{\"items\":[" + string.Join(",", Enumerable.Repeat(Message, count)) + "]}";
        Assert.Equal(20, Parsed(ConversationParser.ParseItems(Bytes(Body(20)))).Count);
        Assert.Equal("items", Refused(ConversationParser.ParseItems(Bytes(Body(21)))).Param);
        Assert.Equal("items", Refused(ConversationParser.ParseItems(Bytes(Body(0)))).Param);
        Assert.Equal("items", Refused(ConversationParser.ParseCreate(Bytes(Body(21)))).Param);
        Assert.Equal(ErrorCode.MissingRequiredParameter, Refused(ConversationParser.ParseItems("{\"items\":null}"u8.ToArray())).Code);
        Assert.Equal(ErrorCode.InvalidJson, Refused(ConversationParser.ParseItems(default)).Code);
        Assert.Equal("include[0]", Refused(ConversationParser.ParseItems(Bytes("{\"include\":[\"x\"],\"items\":[" + Message + "]}"))).Param);
    }

    [Fact]
    public void Items_are_in_the_form_in_which_they_are_kept()
    {
        var item = Assert.Single(Parsed(ConversationParser.ParseItems(Bytes("{\"items\":[" + Message + "]}"))));
        Assert.Equal(
            $$"""{"role":"user","content":[{"type":"input_text","text":"x"}],"type":"message","status":"completed","id":"{{item.Id}}"}""",
            Encoding.UTF8.GetString(item.Json.Span));
    }

    [Fact]
    public void Ids_to_delete_are_taken_each_once()
    {
        Assert.Equal(["a", "b"], Parsed(ConversationParser.ParseItemIds("""{"item_ids":["a","b","a"]}"""u8.ToArray())));
        Assert.Equal("item_ids", Refused(ConversationParser.ParseItemIds("{}"u8.ToArray())).Param);
        Assert.Equal("item_ids", Refused(ConversationParser.ParseItemIds("""{"item_ids":[]}"""u8.ToArray())).Param);
        Assert.Equal("item_ids", Refused(ConversationParser.ParseItemIds("""{"item_ids":"a"}"""u8.ToArray())).Param);
        Assert.Equal("item_ids[1]", Refused(ConversationParser.ParseItemIds("""{"item_ids":["a",null]}"""u8.ToArray())).Param);
        Assert.Equal("item_ids[0]", Refused(ConversationParser.ParseItemIds("""{"item_ids":[""]}"""u8.ToArray())).Param);
        var many = "{\"item_ids\":[" + string.Join(",", Enumerable.Range(0, 101).Select(i => $"\"{i}\"")) + "]}";
        Assert.Equal("item_ids", Refused(ConversationParser.ParseItemIds(Bytes(many))).Param);
    }

    [Fact]
    public void A_metadata_update_needs_metadata()
    {
        Assert.Empty(Parsed(RequestParser.ParseMetadataUpdate("""{"metadata":{}}"""u8.ToArray())));
        Assert.Equal("b", Parsed(RequestParser.ParseMetadataUpdate("""{"metadata":{"a":"b"}}"""u8.ToArray()))["a"]);
        Assert.Equal("metadata", Refused(RequestParser.ParseMetadataUpdate("{}"u8.ToArray())).Param);
        Assert.Equal("metadata", Refused(RequestParser.ParseMetadataUpdate("""{"metadata":null}"""u8.ToArray())).Param);
        Assert.Equal("b", Parsed(RequestParser.ParseMetadata("""{"a":"b"}"""u8.ToArray()))["a"]);
        Assert.Equal("a", Refused(RequestParser.ParseMetadata("""{"a":null}"""u8.ToArray())).Param);
    }

    [Fact]
    public void No_bytes_make_a_parser_throw()
    {
        var random = new Random(7);
        var seeds = new[] { """{"items":[{"role":"user","content":"x"}],"metadata":{"a":"1"},"item_ids":["a"],"name":"n","template":"{{x}}","version":1}""" };
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = Bytes(seeds[0]);
            for (var i = random.Next(4); i >= 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var body = bytes.AsMemory(0, random.Next(bytes.Length + 1));
            ConversationParser.ParseCreate(body);
            ConversationParser.ParseItems(body);
            ConversationParser.ParseItemIds(body);
            RequestParser.ParseMetadataUpdate(body);
            PromptParser.ParseCreate(body);
            PromptParser.ParseUpdate(body);
            var version = PromptParser.ParseVersion(body);
            Assert.True(version is ParseResult<string>.Parsed or ParseResult<string>.Refused);
        }
    }

    private static byte[] Bytes(string body) => Encoding.UTF8.GetBytes(body);

    private static T Parsed<T>(ParseResult<T> result) => Assert.IsType<ParseResult<T>.Parsed>(result).Request;

    private static ApiError Refused<T>(ParseResult<T> result) => Assert.IsType<ParseResult<T>.Refused>(result).Error;
}
