using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

public sealed class Event_shapes
{
    [Fact]
    public void Every_name_has_a_shape()
    {
        var names = typeof(EventNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(names.Order(), EventTable.Names.Order());
        Assert.Equal(59, EventTable.Names.Count);
    }

    [Theory]
    [InlineData("""{"type":"response.output_text.annotation.added","sequence_number":1,"item_id":"m","output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"u"}}""")]
    [InlineData("""{"type":"response.web_search_call.searching","sequence_number":1,"item_id":"ws_1","output_index":0}""")]
    [InlineData("""{"type":"response.image_generation_call.partial_image","sequence_number":1,"item_id":"ig_1","output_index":0,"partial_image_index":2,"partial_image_b64":"AA=="}""")]
    [InlineData("""{"type":"response.code_interpreter_call_code.done","sequence_number":1,"item_id":"ci_1","output_index":0,"code":"1+1"}""")]
    [InlineData("""{"type":"response.mcp_call_arguments.done","sequence_number":1,"item_id":"mcp_1","output_index":0,"arguments":"{}"}""")]
    [InlineData("""{"type":"response.shell_call_command.delta","sequence_number":1,"output_index":0,"command_index":0,"delta":"ls"}""")]
    [InlineData("""{"type":"response.shell_call_output_content.done","sequence_number":1,"item_id":"sh_1","output_index":0,"command_index":0,"output":[{"stdout":"x"}]}""")]
    [InlineData("""{"type":"response.audio.transcript.delta","sequence_number":1,"delta":"hi"}""")]
    [InlineData("""{"type":"response.audio.done","sequence_number":1}""")]
    [InlineData("""{"type":"response.custom_tool_call_input.done","sequence_number":1,"item_id":"c","output_index":0,"input":"x"}""")]
    [InlineData("""{"type":"response.reasoning_summary_part.added","sequence_number":1,"item_id":"r","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""")]
    [InlineData("""{"type":"response.output_item.done","sequence_number":1,"output_index":0,"item":{"type":"brand_new","id":"x","extra":[1,2]}}""")]
    public void An_event_reads_and_writes_back_the_same(string json)
    {
        var parsed = Assert.IsType<ParseResult<ResponseEvent>.Parsed>(EventParser.Parse(Encoding.UTF8.GetBytes(json)));

        var shape = EventTable.ShapeOf(parsed.Request.Type)!;
        Assert.Equal(json, JsonSerializer.Serialize(parsed.Request, shape));
    }
}
