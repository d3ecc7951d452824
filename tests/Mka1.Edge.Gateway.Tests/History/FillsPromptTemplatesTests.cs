using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using static Mka1.Edge.Gateway.Tests.Support.HistoryBench;

namespace Mka1.Edge.Gateway.Tests.History;

/// <summary>Promise: a prompt template becomes one developer message in front of everything, filled with the request's variables.</summary>
public sealed class FillsPromptTemplatesTests
{
    private readonly HistoryBench _bench = new();

    [Theory]
    [InlineData("Hello {{name}}!", """{"name":"Ada"}""", "Hello Ada!")]
    [InlineData("{{a}}{{b}}{{a}}", """{"a":"1","b":"2"}""", "121")]
    [InlineData("{{ name }}", """{"name":"Ada"}""", "Ada")]
    [InlineData("{{name}} {{other}} {{", """{"name":"Ada"}""", "Ada {{other}} {{")]
    [InlineData("{{{name}}}", """{"name":"Ada"}""", "{Ada}")]
    [InlineData("{{ {{name}} }}", """{"name":"Ada"}""", "{{ Ada }}")]
    [InlineData("{{name}}", """{"name":"{{name}}{{x}}","x":"y"}""", "{{name}}{{x}}")]
    [InlineData("{{}} {{ }} {{a b}} }}{{", """{"":"empty","a b":"two"}""", "{{}} {{ }} {{a b}} }}{{")]
    [InlineData("{{}}", "{}", "{{}}")]
    [InlineData("نص {{اسم}} \0", """{"اسم":"é\u0000\""}""", "نص é\0\" \0")]
    [InlineData("", "{}", "")]
    [InlineData("plain", null, "plain")]
    public void Strings_take_the_place_of_their_placeholders(string template, string? variables, string expected)
    {
        var message = JsonDocument.Parse(PromptRenderer.Message(template, Variables(variables), 10_000)!).RootElement;
        Assert.Equal(("message", "developer"), (message.GetProperty("type").GetString(), message.GetProperty("role").GetString()));
        var part = Assert.Single(message.GetProperty("content").EnumerateArray());
        Assert.Equal(("input_text", expected), (part.GetProperty("type").GetString(), part.GetProperty("text").GetString()));
    }

    [Fact]
    public void Parts_stand_at_their_place_byte_for_byte() => Assert.Equal(
        """{"type":"message","role":"developer","content":[{"type":"input_text","text":"Look: "},{"type":"input_image", "image_url":"https:\/\/x\/"},{"type":"input_text","text":" and é."}]}""",
        Encoding.UTF8.GetString(PromptRenderer.Message(
            "Look: {{image}} and {{letter}}.", Variables("""{"letter":"é","image":{"type":"input_image", "image_url":"https:\/\/x\/"}}"""), 10_000)!));

    [Fact]
    public void A_variable_that_occurs_too_often_is_stopped_before_it_fills_the_memory() =>
        Assert.Null(PromptRenderer.Message(string.Concat(Enumerable.Repeat("{{a}}", 100_000)), Variables($$"""{"a":"{{new string('x', 100_000)}}"}"""), 1_000_000));

    [Fact]
    public async Task The_message_comes_before_all_else_and_is_not_stored_with_the_response()
    {
        await AddAsync("Be brief, {{name}}.");
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], []);
        var history = await _bench.AcceptedAsync(
            "\"input\":\"go\",\"previous_response_id\":\"resp_1\",\"prompt\":{\"id\":\"prompt_1\",\"variables\":{\"name\":\"Ada\"}}");
        Assert.Equal(["developer: Be brief, Ada.", "user: one", "user: go"], Texts(history.Context!.Value));
        Assert.Equal(["user: go"], Texts(history.Items));
    }

    [Fact]
    public async Task The_version_in_use_is_taken_unless_another_is_named()
    {
        await AddAsync("first");
        await _bench.Prompts.AddVersionAsync(Acme, "prompt_1", "pver_2", "second", 1);
        Assert.Equal(["developer: second"], await _bench.TextsAsync("\"prompt\":{\"id\":\"prompt_1\"}"));
        Assert.Equal(["developer: first"], await _bench.TextsAsync("\"prompt\":{\"id\":\"prompt_1\",\"version\":\"1\"}"));
    }

    [Theory]
    [InlineData("\"id\":\"prompt_2\"", "prompt.id")]
    [InlineData("\"id\":\"prompt_2\",\"version\":\"1\"", "prompt.id")]
    [InlineData("\"id\":\"prompt_1\",\"version\":\"2\"", "prompt.version")]
    [InlineData("\"id\":\"prompt_1\",\"version\":\"latest\"", "prompt.version")]
    [InlineData("\"id\":\"prompt_1\",\"version\":\"-1\"", "prompt.version")]
    [InlineData("\"id\":\"prompt_1\",\"version\":\"99999999999\"", "prompt.version")]
    public async Task Unknown_prompts_and_versions_are_not_found(string prompt, string param)
    {
        await AddAsync("text");
        var error = await _bench.RefusedAsync($"\"input\":\"go\",\"prompt\":{{{prompt}}}");
        Assert.Equal((ErrorCode.NotFound, param), (error.Code, error.Param));
    }

    [Fact]
    public async Task A_foreign_prompt_is_an_unknown_one()
    {
        await AddAsync("text");
        const string request = "\"input\":\"go\",\"prompt\":{\"id\":\"prompt_1\",\"version\":\"1\"}";
        foreach (var other in (Owner[])[new("globex", null), new("acme", "alice")])
        {
            var error = await _bench.RefusedAsync(request, other);
            Assert.Equal((ErrorCode.NotFound, "prompt.id"), (error.Code, error.Param));
        }
    }

    [Theory]
    [InlineData("5", "prompt.variables.a")]
    [InlineData("null", "prompt.variables.a")]
    [InlineData("[\"x\"]", "prompt.variables.a")]
    [InlineData("{}", "prompt.variables.a.type")]
    [InlineData("""{"type":"output_text","text":"x"}""", "prompt.variables.a.type")]
    [InlineData("""{"type":"input_text"}""", "prompt.variables.a.text")]
    [InlineData("""{"type":"input_image","image_url":"ftp://x"}""", "prompt.variables.a.image_url")]
    public void A_variable_is_a_string_or_a_content_part(string value, string param)
    {
        var result = RequestParser.ParseCreate(Bytes("{\"model\":\"m\",\"prompt\":{\"id\":\"prompt_1\",\"variables\":{\"a\":" + value + "}}}"));
        Assert.Equal(param, Assert.IsType<ParseResult<CreateResponseRequest>.Refused>(result).Error.Param);
    }

    private static JsonElement? Variables(string? json) => json is null ? null : JsonDocument.Parse(json).RootElement;

    private Task AddAsync(string template) =>
        _bench.Prompts.AddAsync(new("prompt_1", Acme, "p", 1, 1, 1), new("pver_1", 1, template, 1)).AsTask();
}
