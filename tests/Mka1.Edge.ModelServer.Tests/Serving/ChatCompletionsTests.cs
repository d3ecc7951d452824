using System.Net;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>The optional chat endpoint says what the Responses endpoint says, in chat's words.</summary>
public sealed class ChatCompletionsTests
{
    private const string Path = "/v1/chat/completions";

    private const string Tool = """{"type":"function","function":{"name":"get_weather","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}}""";

    [Fact]
    public async Task Unless_it_is_asked_for_there_is_no_such_address()
    {
        await using var server = await RunningServer.StartAsync(EndlessModel.Path);

        using var answer = await server.PostAsync(Path, Body(""));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("not_found", JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_switch_turns_it_on()
    {
        await using var app = ModelServerHost.Create(["--chat-completions", "--urls", "http://127.0.0.1:0", "--model", EndlessModel.Path, "--name", "served", "--Logging:LogLevel:Default", "Warning"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var answer = await client.PostAsync(Path, new StringContent(Body("\"max_tokens\":2"), System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_whole_answer_is_a_completion()
    {
        await using var server = await StartAsync();
        var chat = await AnswerAsync(server, "\"max_completion_tokens\":3,\"temperature\":0,\"logprobs\":true,\"top_logprobs\":2");

        var choice = chat.GetProperty("choices")[0];
        Assert.Equal(("chat.completion", "served", "length"), (chat.GetProperty("object").GetString(), chat.GetProperty("model").GetString(), choice.GetProperty("finish_reason").GetString()));
        Assert.Equal(("assistant", "tick\ntick\ntick\n"), (choice.GetProperty("message").GetProperty("role").GetString(), choice.GetProperty("message").GetProperty("content").GetString()));
        Assert.Equal(3, choice.GetProperty("logprobs").GetProperty("content").GetArrayLength());
        Assert.Equal(2, choice.GetProperty("logprobs").GetProperty("content")[0].GetProperty("top_logprobs").GetArrayLength());
        Assert.Equal(3, chat.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_chunks_that_add_up_to_the_same(bool usage)
    {
        await using var server = await StartAsync();
        var options = usage ? ",\"stream_options\":{\"include_usage\":true}" : "";
        var chunks = await StreamAsync(server, "\"max_tokens\":3,\"temperature\":0,\"stream\":true" + options);

        var spoken = chunks.Where(chunk => chunk.GetProperty("choices").GetArrayLength() == 1).Select(chunk => chunk.GetProperty("choices")[0]).ToList();
        Assert.Equal("tick\ntick\ntick\n", string.Concat(spoken.Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
        Assert.Equal(["length"], spoken.Select(choice => choice.GetProperty("finish_reason").GetString()).OfType<string>());
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Equal(usage, chunks[^1].TryGetProperty("usage", out var counts) && counts.GetProperty("completion_tokens").GetInt32() == 3);
    }

    [Fact]
    public async Task Functions_are_called_with_arguments_that_satisfy_their_schema()
    {
        await using var server = await StartAsync();
        var body = $$$"""{"model":"served","messages":[{"role":"user","content":"weather?"}],"temperature":0,"tools":[{{{Tool}}}],"tool_choice":{"type":"function","function":{"name":"get_weather"}},"parallel_tool_calls":false""";

        var choice = (await SendAsync(server, body + "}")).GetProperty("choices")[0];
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0];
        Assert.Equal(("tool_calls", "get_weather"), (choice.GetProperty("finish_reason").GetString(), call.GetProperty("function").GetProperty("name").GetString()));
        Assert.True(JsonElement.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!).TryGetProperty("city", out _));

        var pieces = (await ChunksAsync(server, body + ",\"stream\":true}")).SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
            .Where(piece => piece.GetProperty("delta").TryGetProperty("tool_calls", out _)).Select(piece => piece.GetProperty("delta").GetProperty("tool_calls")[0]).ToList();
        Assert.Equal("get_weather", pieces[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(call.GetProperty("function").GetProperty("arguments").GetString(), string.Concat(pieces.Select(piece => piece.GetProperty("function").GetProperty("arguments").GetString())));

        // The result goes back in a later turn.
        var id = call.GetProperty("id").GetString();
        var next = await SendAsync(server, $$$"""{"model":"served","max_tokens":2,"temperature":0,"tools":[{{{Tool}}}],"tool_choice":"none","messages":[{"role":"user","content":"weather?"},{"role":"assistant","content":null,"tool_calls":[{{{call.GetRawText()}}}]},{"role":"tool","tool_call_id":"{{{id}}}","content":"sunny"}]}""");
        Assert.Equal("tick\ntick\n", next.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_schema_holds_for_the_text()
    {
        await using var server = await StartAsync();
        var chat = await AnswerAsync(server, """ "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}},"temperature":0,"max_tokens":200 """);

        Assert.True(JsonElement.Parse(chat.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!).GetProperty("a").TryGetInt64(out _));
    }

    [Fact]
    public async Task Thoughts_are_kept_apart_from_the_answer()
    {
        await using var server = await ThinkingServer.StartAsync(configure: options => options.ChatCompletions = true);
        var chat = await AnswerAsync(server.Running, "\"temperature\":0,\"reasoning_effort\":\"low\"");

        var message = chat.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal((ThinkingModel.Thought, "Four."), (message.GetProperty("reasoning_content").GetString(), message.GetProperty("content").GetString()));
        Assert.Equal(ThinkingModel.SectionTokens, chat.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"n\":2", "n", "unsupported_parameter")]
    [InlineData("\"stop\":\"x\"", "stop", "unsupported_parameter")]
    [InlineData("\"max_tokens\":-1", "max_tokens", "invalid_value")]
    [InlineData("\"temperature\":9", "temperature", "invalid_value")]
    [InlineData("""  "tools":[{"type":"web_search"}] """, "tools[0].type", "unsupported_tool")]
    [InlineData("""  "tools":[{"type":"function","function":{"name":"a b"}}] """, "tools[0].function.name", "invalid_value")]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","properties":{"a":{"not":{}}}}}} """, "response_format.json_schema.schema.properties.a.not", null)]
    public async Task What_cannot_be_done_is_a_refusal_in_chats_names(string members, string param, string? code)
    {
        await using var server = await StartAsync();

        using var answer = await server.PostAsync(Path, Body(members));

        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(param, error.GetProperty("param").GetString());
        if (code is not null)
            Assert.Equal(code, error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Another_model_is_not_found()
    {
        await using var server = await StartAsync();

        using var answer = await server.PostAsync(Path, """{"model":"other","messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(EndlessModel.Path, options => options.ChatCompletions = true);

    private static string Body(string members) => $$"""{"model":"served","messages":[{"role":"user","content":"2 + 2?"}]{{(members.Length > 0 ? "," + members : "")}}}""";

    private static Task<JsonElement> AnswerAsync(RunningServer server, string members) => SendAsync(server, Body(members));

    private static async Task<JsonElement> SendAsync(RunningServer server, string body)
    {
        using var answer = await server.PostAsync(Path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static Task<List<JsonElement>> StreamAsync(RunningServer server, string members) => ChunksAsync(server, Body(members));

    private static async Task<List<JsonElement>> ChunksAsync(RunningServer server, string body)
    {
        using var answer = await server.PostAsync(Path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events.SkipLast(1).Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))];
    }
}
