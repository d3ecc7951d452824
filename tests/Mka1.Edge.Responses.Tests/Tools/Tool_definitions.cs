using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The tool types of contract.md D.3 and the choices of B.4.</summary>
public sealed class Tool_definitions
{
    public static TheoryData<string, Type> Sound() => new()
    {
        { """{"type":"function","name":"f","parameters":null}""", typeof(FunctionTool) },
        { """{"type":"function","name":"get-weather_2","description":"d","parameters":{"$schema":"x","type":"object"},"strict":false,"defer_loading":true}""", typeof(FunctionTool) },
        { """{"type":"file_search","vector_store_ids":["vs_1"],"max_num_results":5}""", typeof(FileSearchTool) },
        { """{"type":"computer_use_preview","display_width":1024,"display_height":768,"environment":"browser"}""", typeof(ComputerTool) },
        { """{"type":"computer"}""", typeof(ComputerTool) },
        { """{"type":"web_search","search_context_size":"low"}""", typeof(WebSearchTool) },
        { """{"type":"web_search_preview"}""", typeof(WebSearchTool) },
        { """{"type":"web_search_preview_2025_03_11"}""", typeof(WebSearchTool) },
        { """{"type":"mcp","server_label":"s","server_url":"https://x/","require_approval":"never"}""", typeof(McpTool) },
        { """{"type":"mcp","server_label":"s","connector_id":"c","require_approval":{"never":{"tool_names":["a"]}}}""", typeof(McpTool) },
        { """{"type":"code_interpreter","container":"c"}""", typeof(CodeInterpreterTool) },
        { """{"type":"image_generation","model":"auto"}""", typeof(ImageGenerationTool) },
        { """{"type":"local_shell"}""", typeof(LocalShellTool) },
        { """{"type":"shell","environment":{"type":"container_reference","container_id":"c"}}""", typeof(ShellTool) },
        { """{"type":"custom","name":"sql","format":{"type":"text"}}""", typeof(CustomTool) },
        { """{"type":"hosted","x":1}""", typeof(HostedTool) },
        { """{"type":"history"}""", typeof(HistoryTool) },
        { """{"type":"sleep"}""", typeof(SleepTool) },
        { """{"type":"teleport","to":"mars"}""", typeof(UnknownTool) },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_sound_tool_is_typed_and_written_back_as_it_came(string tool, Type kind)
    {
        var parsed = Assert.Single(Parse.Accepted(Parse.With($"\"tools\":[{tool}]")).Tools);

        Assert.IsType(kind, parsed);
        Assert.Equal(tool, JsonSerializer.Serialize(parsed, ResponsesJson.Wire.ToolDefinition));
    }

    [Theory]
    [InlineData("""7""", "tools[0]")]
    [InlineData("""{}""", "tools[0].type")]
    [InlineData("""{"type":"function"}""", "tools[0].name")]
    [InlineData("""{"type":"function","name":""}""", "tools[0].name")]
    [InlineData("""{"type":"function","name":"a b"}""", "tools[0].name")]
    [InlineData("""{"type":"function","name":"é"}""", "tools[0].name")]
    [InlineData("""{"type":"function","name":"12345678901234567890123456789012345678901234567890123456789012345"}""", "tools[0].name")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", "tools[0].name")]
    [InlineData("""{"type":"function","name":"f","parameters":"{}"}""", "tools[0].parameters")]
    [InlineData("""{"type":"function","name":"f","strict":"yes"}""", "tools[0].strict")]
    [InlineData("""{"type":"file_search"}""", "tools[0].vector_store_ids")]
    [InlineData("""{"type":"file_search","vector_store_ids":[7]}""", "tools[0].vector_store_ids[0]")]
    [InlineData("""{"type":"computer","display_width":"wide"}""", "tools[0].display_width")]
    [InlineData("""{"type":"web_search","search_context_size":"huge"}""", "tools[0].search_context_size")]
    [InlineData("""{"type":"mcp"}""", "tools[0].server_label")]
    [InlineData("""{"type":"mcp","server_label":"s","server_url":"ws://x"}""", "tools[0].server_url")]
    [InlineData("""{"type":"mcp","server_label":"s","require_approval":"sometimes"}""", "tools[0].require_approval")]
    [InlineData("""{"type":"code_interpreter","container":5}""", "tools[0].container")]
    [InlineData("""{"type":"custom"}""", "tools[0].name")]
    public void A_malformed_tool_of_a_known_type_is_refused(string tool, string param) =>
        Assert.Equal(param, Parse.Refused(Parse.With($"\"tools\":[{tool}]")).Param);

    private const string Tools = """
        "tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"},{"type":"mcp","server_label":"s"},{"type":"web_search"},{"type":"shell"}]
        """;

    public static TheoryData<string, ToolChoice> Choices() => new()
    {
        { "\"none\"", new ToolChoice.Mode(ToolChoiceMode.None) },
        { "\"auto\"", new ToolChoice.Mode(ToolChoiceMode.Auto) },
        { "\"required\"", new ToolChoice.Mode(ToolChoiceMode.Required) },
        { """{"type":"function","name":"f"}""", new ToolChoice.Function("f") },
        { """{"type":"custom","name":"c"}""", new ToolChoice.Custom("c") },
        { """{"type":"mcp","server_label":"s","name":"t"}""", new ToolChoice.Mcp("s", "t") },
        { """{"type":"mcp","server_label":"s"}""", new ToolChoice.Mcp("s", null) },
        { """{"type":"web_search_preview"}""", new ToolChoice.Hosted("web_search_preview") },
        { """{"type":"shell"}""", new ToolChoice.Hosted("shell") },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_choice_is_typed_and_echoed_as_it_came(string choice, ToolChoice expected)
    {
        var parsed = Parse.Accepted(Parse.With($"{Tools},\"tool_choice\":{choice}")).ToolChoice;

        Assert.Equal(expected, parsed with { Raw = default });
        Assert.Equal(choice, JsonSerializer.Serialize(parsed, ResponsesJson.Wire.ToolChoice));
        Assert.Equal(choice, JsonSerializer.Serialize(expected, ResponsesJson.Wire.ToolChoice));
    }

    [Fact]
    public void Allowed_tools_keep_their_list()
    {
        const string Choice = """{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"},{"type":"mcp","server_label":"s"}]}""";

        var parsed = Assert.IsType<ToolChoice.AllowedTools>(Parse.Accepted(Parse.With($"{Tools},\"tool_choice\":{Choice}")).ToolChoice);

        Assert.Equal(ToolChoiceMode.Required, parsed.Value);
        Assert.Equal([new ToolSelector("function", "f", null), new ToolSelector("mcp", null, "s")], parsed.Tools);
        Assert.Equal(Choice, JsonSerializer.Serialize<ToolChoice>(parsed with { Raw = default }, ResponsesJson.Wire.ToolChoice));
        var read = Assert.IsType<ToolChoice.AllowedTools>(JsonSerializer.Deserialize(Choice, ResponsesJson.Wire.ToolChoice));
        Assert.Equal(parsed.Tools, read.Tools);
    }

    [Theory]
    [InlineData("\"any\"", "tool_choice")]
    [InlineData("5", "tool_choice")]
    [InlineData("{}", "tool_choice.type")]
    [InlineData("""{"type":"function"}""", "tool_choice.name")]
    [InlineData("""{"type":"function","name":"g"}""", "tool_choice")]
    [InlineData("""{"type":"custom","name":"f"}""", "tool_choice")]
    [InlineData("""{"type":"mcp"}""", "tool_choice.server_label")]
    [InlineData("""{"type":"mcp","server_label":"t"}""", "tool_choice")]
    [InlineData("""{"type":"file_search"}""", "tool_choice")]
    [InlineData("""{"type":"allowed_tools","mode":"none","tools":[{"type":"shell"}]}""", "tool_choice.mode")]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[]}""", "tool_choice.tools")]
    [InlineData("""{"type":"allowed_tools","mode":"auto"}""", "tool_choice.tools")]
    [InlineData("""{"type":"allowed_tools","tools":[{"type":"shell"}]}""", "tool_choice.mode")]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}]}""", "tool_choice.tools[1]")]
    public void A_choice_that_cannot_be_honoured_is_refused(string choice, string param) =>
        Assert.Equal(param, Parse.Refused(Parse.With($"{Tools},\"tool_choice\":{choice}")).Param);
}
