using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>All 24 kinds of contract.md D.1: accepted whole, refused when what they need is missing, kept byte for byte.</summary>
public sealed class Item_kinds
{
    public static TheoryData<string, Type> Sound() => new()
    {
        { """{"type":"message","role":"user","content":"hi"}""", typeof(MessageItem) },
        { """{"role":"developer","content":[{"type":"input_text","text":"x"}]}""", typeof(MessageItem) },
        { """{"type":null,"role":"system","content":"x"}""", typeof(MessageItem) },
        { """{"type":"message","id":"msg_1","role":"assistant","status":"completed","phase":"final_answer","content":[{"type":"output_text","text":"a","annotations":[]},{"type":"refusal","refusal":"no"}]}""", typeof(MessageItem) },
        { """{"type":"output_audio","id":"audio_1","data":"AA==","transcript":"hi","status":"completed"}""", typeof(OutputAudioItem) },
        { """{"type":"file_search_call","id":"fs_1","queries":["q"],"status":"searching","results":[{"file_id":"f"}]}""", typeof(FileSearchCallItem) },
        { """{"type":"computer_call","id":"cu_1","call_id":"c","action":{"type":"wait"},"pending_safety_checks":[],"status":"completed"}""", typeof(ComputerCallItem) },
        { """{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","image_url":"https://x/"}}""", typeof(ComputerCallOutputItem) },
        { """{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}}""", typeof(WebSearchCallItem) },
        { """{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}""", typeof(FunctionCallItem) },
        { """{"type":"function_call_output","call_id":"c","output":"sunny"}""", typeof(FunctionCallOutputItem) },
        { """{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"},{"type":"input_image","file_id":"f"}]}""", typeof(FunctionCallOutputItem) },
        { """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"x"}],"content":[{"type":"reasoning_text","text":"y"}],"encrypted_content":null}""", typeof(ReasoningItem) },
        { """{"type":"image_generation_call","id":"ig_1","status":"generating","result":"https://x/"}""", typeof(ImageGenerationCallItem) },
        { """{"type":"code_interpreter_call","id":"ci_1","code":"1","container_id":"c","outputs":null,"status":"interpreting"}""", typeof(CodeInterpreterCallItem) },
        { """{"type":"local_shell_call","id":"l","call_id":"c","action":{"type":"exec","command":["ls"],"env":{}},"status":"completed"}""", typeof(LocalShellCallItem) },
        { """{"type":"local_shell_call_output","id":"l","output":"x"}""", typeof(LocalShellCallOutputItem) },
        { """{"type":"shell_call","call_id":"c","action":{"commands":["ls"]}}""", typeof(ShellCallItem) },
        { """{"type":"shell_call_output","call_id":"c","max_output_length":5,"output":[{"stdout":"x","stderr":"","outcome":{"type":"exit","exit_code":0}}]}""", typeof(ShellCallOutputItem) },
        { """{"type":"mcp_list_tools","id":"m","server_label":"s","tools":[],"error":"x"}""", typeof(McpListToolsItem) },
        { """{"type":"mcp_approval_request","id":"m","server_label":"s","name":"t","arguments":"{}"}""", typeof(McpApprovalRequestItem) },
        { """{"type":"mcp_approval_response","approval_request_id":"m","approve":false,"reason":"no"}""", typeof(McpApprovalResponseItem) },
        { """{"type":"mcp_call","id":"m","server_label":"s","name":"t","arguments":"{}","status":"calling"}""", typeof(McpCallItem) },
        { """{"type":"custom_tool_call","call_id":"c","name":"t","input":"x"}""", typeof(CustomToolCallItem) },
        { """{"type":"custom_tool_call_output","call_id":"c","output":"x"}""", typeof(CustomToolCallOutputItem) },
        { """{"type":"item_reference","id":"msg_1"}""", typeof(ItemReference) },
        { """{"id":"msg_1"}""", typeof(ItemReference) },
        { """{"type":"compaction","id":"cmp_1","encrypted_content":"x"}""", typeof(CompactionItem) },
        { """{"type":"holographic_call","anything":[1,2]}""", typeof(UnknownItem) },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_sound_item_is_typed_and_written_back_as_it_came(string item, Type kind)
    {
        var parsed = Assert.Single(Parse.Accepted(Parse.With($"\"input\":[{item}]")).Input);

        Assert.IsType(kind, parsed);
        Assert.Equal(item, JsonSerializer.Serialize(parsed, ResponsesJson.Wire.ResponseItem));
    }

    [Theory]
    [InlineData("""5""", "input[0]", "must be an object, not a number")]
    [InlineData("""null""", "input[0]", "must be an object, not null")]
    [InlineData("""{}""", "input[0].type", "is required")]
    [InlineData("""{"type":7}""", "input[0].type", "must be a string")]
    [InlineData("""{"type":"message","content":"x"}""", "input[0].role", "is required")]
    [InlineData("""{"role":"tool","content":"x"}""", "input[0].role", "'user', 'assistant', 'system' or 'developer'")]
    [InlineData("""{"role":"user"}""", "input[0].content", "is required")]
    [InlineData("""{"role":"user","content":null}""", "input[0].content", "is required")]
    [InlineData("""{"role":"user","content":{"type":"input_text","text":"x"}}""", "input[0].content", "must be a string or an array")]
    [InlineData("""{"role":"user","content":["x"]}""", "input[0].content[0]", "must be an object")]
    [InlineData("""{"role":"user","content":[{"text":"x"}]}""", "input[0].content[0].type", "is required")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x"}]}""", "input[0].content[0].type", "'input_text', 'input_image', 'input_file', 'input_audio', 'output_text' or 'refusal'")]
    [InlineData("""{"role":"user","content":[{"type":"input_text"}]}""", "input[0].content[0].text", "is required")]
    [InlineData("""{"role":"user","content":[{"type":"input_text","text":5}]}""", "input[0].content[0].text", "must be a string")]
    [InlineData("""{"role":"user","content":[{"type":"input_image"}]}""", "input[0].content[0].image_url", "is required")]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":{"url":"https://x/"}}]}""", "input[0].content[0].image_url", "must be a string, not an object")]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"file:///etc/passwd"}]}""", "input[0].content[0].image_url", "must be an http or https URL")]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"https://x/","detail":"max"}]}""", "input[0].content[0].detail", "'low', 'high', 'auto' or 'original'")]
    [InlineData("""{"role":"user","content":[{"type":"input_file","filename":"a"}]}""", "input[0].content[0].file_data", "is required")]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_url":"a"}]}""", "input[0].content[0].file_url", "must be an absolute http or https URL")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio"}]}""", "input[0].content[0].input_audio", "is required")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"A","format":"ogg"}}]}""", "input[0].content[0].input_audio.format", "'mp3' or 'wav'")]
    [InlineData("""{"role":"assistant","content":"x","phase":"later"}""", "input[0].phase", "'commentary' or 'final_answer'")]
    [InlineData("""{"role":"assistant","content":"x","status":"done"}""", "input[0].status", "'in_progress', 'completed' or 'incomplete'")]
    [InlineData("""{"type":"function_call","name":"f","arguments":"{}"}""", "input[0].call_id", "is required")]
    [InlineData("""{"type":"function_call","call_id":"c","arguments":"{}"}""", "input[0].name", "is required")]
    [InlineData("""{"type":"function_call","call_id":"c","name":"f","arguments":{}}""", "input[0].arguments", "must be a string, not an object")]
    [InlineData("""{"type":"function_call_output","call_id":"c"}""", "input[0].output", "is required")]
    [InlineData("""{"type":"function_call_output","call_id":"","output":"x"}""", "input[0].call_id", "must be 1 to 64 characters long")]
    [InlineData("""{"type":"function_call_output","call_id":"12345678901234567890123456789012345678901234567890123456789012345","output":"x"}""", "input[0].call_id", "must be 1 to 64 characters long")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"output_text","text":"x"}]}""", "input[0].output[0].type", "'input_text', 'input_image' or 'input_file'")]
    [InlineData("""{"type":"reasoning","summary":"x"}""", "input[0].summary", "must be an array of summary_text parts")]
    [InlineData("""{"type":"reasoning","summary":[{"type":"text","text":"x"}]}""", "input[0].summary[0].type", "must be 'summary_text'")]
    [InlineData("""{"type":"mcp_approval_response","approval_request_id":"m"}""", "input[0].approve", "is required")]
    [InlineData("""{"type":"computer_call_output","call_id":"c","output":"x"}""", "input[0].output", "must be an object")]
    [InlineData("""{"type":"local_shell_call","call_id":"c"}""", "input[0].action", "is required")]
    [InlineData("""{"type":"shell_call_output","call_id":"c","output":"x"}""", "input[0].output", "must be an array")]
    [InlineData("""{"type":"item_reference"}""", "input[0].id", "is required")]
    [InlineData("""{"type":"compaction"}""", "input[0].encrypted_content", "is required")]
    public void A_malformed_item_of_a_known_kind_is_refused(string item, string param, string says)
    {
        var error = Parse.Refused(Parse.With($"\"input\":[{item}]"));

        Assert.Equal(param, error.Param);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_third_item_is_named_as_the_third() =>
        Assert.Equal("input[2].content[1].type", Parse.Refused(Parse.With("""
            "input":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"user","content":[{"type":"input_text","text":"c"},{"type":"nope"}]}]
            """)).Param);

    [Fact]
    public void String_content_becomes_the_part_its_role_speaks_in()
    {
        var input = Parse.Accepted(Parse.With("""
            "input":[{"role":"user","content":"q"},{"role":"assistant","content":"a \ud83d\ude00"}]
            """)).Input;

        Assert.Equal("q", Assert.IsType<InputTextPart>(((MessageItem)input[0]).Content[0]).Text.Value);
        Assert.Equal("a 😀", Assert.IsType<OutputTextPart>(((MessageItem)input[1]).Content[0]).Text.Value);
    }

    [Fact]
    public void A_text_over_its_limit_is_refused()
    {
        var limits = new RequestLimits { MaxTextLength = 3 };
        var body = """{"model":"m","input":[{"role":"user","content":"😀😀😀"},{"role":"user","content":[{"type":"input_text","text":"abcd"}]}]}"""u8.ToArray();

        var error = Assert.IsType<ParseResult<CreateResponseRequest>.Refused>(RequestParser.ParseCreate(body, limits)).Error;

        Assert.Equal("input[1].content[0].text", error.Param);
    }

    [Theory]
    [InlineData("plain", 5)]
    [InlineData("", 0)]
    [InlineData("é😀", 2)]
    [InlineData("\\u00e9\\ud83d\\ude00\\n\\\"", 4)]
    public void A_text_knows_its_length_without_decoding(string json, int length)
    {
        var part = (InputTextPart)((MessageItem)Parse.Accepted(Parse.With($"\"input\":\"{json}\"")).Input[0]).Content[0];

        Assert.Equal(length, part.Text.Length);
        Assert.Equal(length, new JsonText(part.Text.Value).Length);
        Assert.Equal(length == 0, part.Text.IsEmpty);
    }

    [Fact]
    public void Items_made_here_are_written_from_their_properties()
    {
        ResponseItem[] items =
        [
            new MessageItem { Id = "msg_1", Status = ItemStatus.Completed, Role = MessageRole.Assistant, Content = [new OutputTextPart { Text = "é" }] },
            new FunctionCallOutputItem { CallId = "c", Output = new ToolOutput.Parts([new InputTextPart { Text = "x" }]) },
            new FunctionCallOutputItem { CallId = "c", Output = new ToolOutput.Text("y") },
        ];

        Assert.Equal(
            [
                """{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"é","annotations":[],"logprobs":[]}],"status":"completed"}""",
                """{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"}]}""",
                """{"type":"function_call_output","call_id":"c","output":"y"}""",
            ],
            items.Select(item => JsonSerializer.Serialize(item, ResponsesJson.Wire.ResponseItem)));
    }
}
