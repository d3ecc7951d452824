using System.Runtime.InteropServices;
using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>What a caller gets only when it asks for it, and that nothing else is touched.</summary>
public sealed class Include_filter
{
    private const string Logprobs = """[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[]}]""";

    public static TheoryData<string, string, string> Cases => new()
    {
        {
            IncludeNames.OutputLogprobs,
            $$"""{"type":"message", "id":"m","content":[ {"type":"output_text","text":"a","logprobs":{{Logprobs}}} , {"type":"refusal","refusal":"no"}]}""",
            """{"type":"message", "id":"m","content":[ {"type":"output_text","text":"a","logprobs":[]} , {"type":"refusal","refusal":"no"}]}"""
        },
        {
            IncludeNames.OutputLogprobs,
            """{"type":"message","content":[{"type":"output_text","text":"a"}]}""",
            """{"type":"message","content":[{"type":"output_text","text":"a","logprobs":[]}]}"""
        },
        {
            IncludeNames.InputImageUrl,
            """{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"https://x/","detail":"low"}]}""",
            """{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","detail":"low"}]}"""
        },
        {
            IncludeNames.EncryptedReasoning,
            """{"type":"reasoning","id":"rs_1","encrypted_content":"AAAA","summary":[]}""",
            """{"type":"reasoning","id":"rs_1","summary":[]}"""
        },
        {
            IncludeNames.FileSearchResults,
            """{"type":"file_search_call","queries":["q"],"results":[{"score":1e0}]}""",
            """{"type":"file_search_call","queries":["q"]}"""
        },
        {
            IncludeNames.WebSearchSources,
            """{"type":"web_search_call","action":{"type":"search", "sources":[{"url":"u"}]},"status":"completed"}""",
            """{"type":"web_search_call","action":{"type":"search"},"status":"completed"}"""
        },
        {
            IncludeNames.WebSearchResults,
            """{"type":"web_search_call","results":[1],"status":"completed"}""",
            """{"type":"web_search_call","status":"completed"}"""
        },
        {
            IncludeNames.CodeInterpreterOutputs,
            """{"type":"code_interpreter_call","outputs":[{"type":"logs","logs":"1"}],"code":"1"}""",
            """{"type":"code_interpreter_call","outputs":null,"code":"1"}"""
        },
        {
            IncludeNames.ComputerImageUrl,
            """{"type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,AA"}}""",
            """{"type":"computer_call_output","output":{"type":"computer_screenshot"}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_left_out_unless_it_is_asked_for(string name, string item, string without)
    {
        var others = IncludeNames.All.Where(other => other != name).ToList();
        Assert.Equal(without, Item(item, others));
        Assert.Equal(item, Item(item, [name]));
        Assert.Equal(Response(without), Whole(Response(item), others));
        Assert.Equal(Response(item), Whole(Response(item), [name]));
    }

    [Fact]
    public void Sources_and_results_of_one_search_go_together()
    {
        const string search = """{"type":"web_search_call","action":{"type":"search","sources":[]},"results":[]}""";
        Assert.Equal("""{"type":"web_search_call","action":{"type":"search"}}""", Item(search, []));
    }

    [Theory]
    [InlineData("""{"output":[{"type":"message","content":[{"type":"output_text","text":"a","logprobs":[]}]}]}""")]
    [InlineData("""{"output":[]}""")]
    [InlineData("""{"id":"resp_1"}""")]
    [InlineData("""{"output":null}""")]
    [InlineData("""{"output":[5,null,"x",{"type":7},{"type":"message","content":"text"},{"type":"message","content":[1]},{"type":"web_search_call","action":null},{"type":"computer_call_output","output":"x"},{"type":"code_interpreter_call","outputs":null}]}""")]
    public void Without_a_change_the_same_memory_comes_back(string response)
    {
        ReadOnlyMemory<byte> before = Encoding.UTF8.GetBytes(response);
        var after = IncludeFilter.Apply(before, []);
        Assert.True(MemoryMarshal.TryGetArray(before, out var expected) && MemoryMarshal.TryGetArray(after, out var actual) && expected == actual);
    }

    [Fact]
    public void Every_other_byte_stays()
    {
        const string before = "{ \"a\" : 1.50e3, \"output\" : [ {\"type\":\"reasoning\",\"encrypted_content\":\"x\"}\n, {\"type\":\"odd\", \"t\":\"\\u00e9\\u0000\"} ] ,\"z\":\"é\" }";
        const string after = "{ \"a\" : 1.50e3, \"output\" : [ {\"type\":\"reasoning\"}\n, {\"type\":\"odd\", \"t\":\"\\u00e9\\u0000\"} ] ,\"z\":\"é\" }";
        Assert.Equal(after, Whole(before, []));
    }

    private static string Response(string item) => $$"""{"id":"resp_1","output":[{"type":"message","content":[]}, {{item}} ],"tools":[{"type":"reasoning"}]}""";

    private static string Whole(string json, IReadOnlyCollection<string> include) =>
        Encoding.UTF8.GetString(IncludeFilter.Apply(Encoding.UTF8.GetBytes(json), include).Span);

    private static string Item(string json, IReadOnlyCollection<string> include) =>
        Encoding.UTF8.GetString(IncludeFilter.ApplyToItem(Encoding.UTF8.GetBytes(json), include).Span);
}
