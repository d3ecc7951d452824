using System.Net;
using System.Text;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>Every refusal: status, code and the parameter it names, in the one envelope.</summary>
public sealed class ErrorMatrixTests(EndlessServer server) : IClassFixture<EndlessServer>
{
    private const string Function = """{"type":"function","name":"f","parameters":{"type":"object","properties":{},"additionalProperties":false}}""";

    public static TheoryData<string, int, string, string?> Bodies => new()
    {
        { "", 400, "invalid_json", null },
        { "{", 400, "invalid_json", null },
        { "[]", 400, "invalid_json", null },
        { """{"model":"served","model":"served","input":"x"}""", 400, "invalid_json", "model" },
        { """{"input":"x"}""", 400, "missing_required_parameter", "model" },
        { """{"model":"served"}""", 400, "missing_required_parameter", "input" },
        { """{"model":"served","input":[]}""", 400, "missing_required_parameter", "input" },
        { """{"model":"gpt-x","input":"x"}""", 404, "model_not_found", "model" },
        { """{"model":"served","input":"x","temperature":3}""", 400, "invalid_value", "temperature" },
        { """{"model":"served","input":"x","max_output_tokens":0}""", 400, "invalid_value", "max_output_tokens" },
        { """{"model":"served","input":"x","previous_response_id":"resp_1"}""", 400, "unsupported_parameter", "previous_response_id" },
        { """{"model":"served","input":"x","conversation":"conv_1"}""", 400, "unsupported_parameter", "conversation" },
        { """{"model":"served","input":"x","prompt":{"id":"prompt_1"}}""", 400, "unsupported_parameter", "prompt" },
        { """{"model":"served","input":"x","background":true}""", 400, "unsupported_parameter", "background" },
        { """{"model":"served","input":"x","modalities":["text","audio"]}""", 400, "unsupported_parameter", "modalities[1]" },
        { """{"model":"served","input":"x","tools":[{"type":"web_search"}]}""", 400, "unsupported_tool", "tools[0].type" },
        { """{"model":"served","input":"x","tools":[""" + Function + ""","sleep"]}""", 400, "invalid_type", "tools[1]" },
        { """{"model":"served","input":"x","tools":[""" + Function + ""","x"],"tool_choice":{"type":"function","name":"g"}}""", 400, "invalid_type", "tools[1]" },
        { """{"model":"served","input":"x","tools":[""" + Function + """],"tool_choice":{"type":"function","name":"g"}}""", 400, "invalid_value", "tool_choice" },
        { """{"model":"served","input":"x","tool_choice":"required"}""", 400, "invalid_value", "tool_choice" },
        { """{"model":"served","input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x/y.png"}]}]}""", 400, "unsupported_parameter", "input[0].content[0].type" },
        { """{"model":"served","input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_file","file_id":"f"}]}]}""", 400, "unsupported_parameter", "input[0].content[1].type" },
        { """{"model":"served","input":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}""", 400, "unsupported_parameter", "input[0].content[0].type" },
        { """{"model":"served","input":[{"role":"user","content":"x"},{"type":"item_reference","id":"msg_1"}]}""", 400, "unsupported_parameter", "input[1].type" },
        { """{"model":"served","input":[{"type":"compaction","encrypted_content":"x"}]}""", 400, "unsupported_parameter", "input[0].type" },
        { """{"model":"served","input":[{"role":"user","content":"x"},{"type":"function_call_output","call_id":"call_1","output":"x"}]}""", 400, "invalid_value", "input[1].call_id" },
        {
            """{"model":"served","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"https://x/y.png"}]}]}""",
            400, "unsupported_parameter", "input[1].output[0].type"
        },
        {
            """{"model":"served","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"a":{"type":"string","not":{}}}}}}}""",
            400, "unsupported_parameter", "text.format.schema.properties.a.not"
        },
        {
            """{"model":"served","input":"x","tools":[{"type":"function","name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"string","not":{}}}}}]}""",
            400, "unsupported_parameter", "tools[0].parameters.properties.a.not"
        },
        {
            """{"model":"served","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"a":{"type":"string","pattern":"(a)\\1"}} } } } }""",
            400, "unsupported_parameter", "text.format.schema.properties.a.pattern"
        },
        {
            """{"model":"served","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"a":{"type":"integer","multipleOf":3}} } } } }""",
            400, "unsupported_parameter", "text.format.schema.properties.a.multipleOf"
        },
        {
            """{"model":"served","input":"x","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"a":{"type":"integer","minimum":3,"maximum":2}} } } } }""",
            400, "unsupported_parameter", "text.format.schema.properties.a.minimum"
        },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_cannot_be_answered_is_refused_by_name(string body, int status, string code, string? param)
    {
        foreach (var path in new[] { "/v1/responses", "/v1/responses/input_tokens" })
        {
            using var response = await server.Running.PostAsync(path, body);

            var error = await AssertEnvelopeAsync(response, status, code);
            Assert.Equal(param, error.GetProperty("param").GetString());
        }
    }

    [Fact]
    public async Task A_streaming_request_is_refused_with_a_status_not_with_an_event()
    {
        using var response = await server.Running.PostAsync("/v1/responses", """{"model":"gpt-x","input":"x","stream":true}""");

        await AssertEnvelopeAsync(response, 404, "model_not_found");
    }

    [Theory]
    [InlineData("GET", "/", 404, "not_found")]
    [InlineData("GET", "/v1", 404, "not_found")]
    [InlineData("GET", "/v1/responses/resp_1", 404, "not_found")]
    [InlineData("POST", "/v1/responses/resp_1/cancel", 404, "not_found")]
    [InlineData("GET", "/v1/models/gpt-x", 404, "model_not_found")]
    [InlineData("GET", "/v1/responses", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/responses", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/responses/input_tokens", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/models", 405, "method_not_allowed")]
    [InlineData("POST", "/health", 405, "method_not_allowed")]
    [InlineData("TRACE", "/v1/models", 405, "method_not_allowed")]
    public async Task An_address_or_method_that_is_not_here_gets_the_envelope(string method, string path, int status, string code)
    {
        using var response = await server.Running.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await AssertEnvelopeAsync(response, status, code);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task A_body_that_is_not_JSON_in_UTF_8_by_its_type_is_refused(string? type)
    {
        var content = new ByteArrayContent("""{"model":"served","input":"x"}"""u8.ToArray());
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await server.Running.Client.PostAsync("/v1/responses", content);

        await AssertEnvelopeAsync(response, 415, "unsupported_media_type");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_larger_than_the_limit_is_refused_whether_it_says_its_length_or_not(bool chunked)
    {
        await using var small = await RunningServer.StartAsync(EndlessModel.Path, options => options.MaxRequestBytes = 2048);
        var body = JsonSerializer.Serialize(new { model = "served", input = new string('x', 4096) });
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await small.Client.SendAsync(request);

        await AssertEnvelopeAsync(response, 413, "body_too_large");
    }

    private static async Task<JsonElement> AssertEnvelopeAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((HttpStatusCode)status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches("^req_[0-9a-f]{32}$", Assert.Single(response.Headers.GetValues("x-request-id")));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        var error = JsonElement.Parse(text).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        return error;
    }
}
