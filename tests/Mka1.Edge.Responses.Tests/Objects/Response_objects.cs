using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The "Emit" column of contract.md C.1.</summary>
public sealed class Response_objects
{
    [Fact]
    public void A_minimal_response_has_every_key_in_order()
    {
        var response = Streams.Skeleton("""{"model":"m"}""");

        Assert.Equal(
            $$$"""{"id":"{{{response.Id}}}","object":"response","created_at":1700000000,"completed_at":null,"status":"in_progress","error":null,"incomplete_details":null,"background":false,"instructions":null,"max_output_tokens":null,"max_tool_calls":30,"metadata":{},"model":"m","output":[],"output_text":"","parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"auto","store":true,"text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tools":[],"truncation":"auto","usage":null,"user":null,"prompt_cache_key":null,"safety_identifier":null,"temperature":1,"top_p":1,"presence_penalty":0,"frequency_penalty":0,"top_logprobs":0}""",
            Json(response));
    }

    [Fact]
    public void Every_parameter_is_echoed()
    {
        var json = JsonNode.Parse(Json(Streams.Skeleton("""
            {"model":"m","instructions":"i","conversation":"conv_1","prompt":{"id":"p","version":"1","variables":{"a":"b"}},"text":{"format":{"type":"json_schema","name":"n","schema":{"a":1.50},"strict":true},"verbosity":"low"},
             "background":true,"parallel_tool_calls":false,"max_tool_calls":5,"reasoning":{"effort":"minimal","summary":"concise"},"max_output_tokens":64,"temperature":0.25,"top_p":0.5,
             "top_logprobs":3,"presence_penalty":-1,"frequency_penalty":1.5,"truncation":"disabled","context_management":[{"type":"compaction","compact_threshold":9}],"service_tier":"flex",
             "prompt_cache_key":"k","safety_identifier":"s","metadata":{"a":"b"},"user":"u","tools":[{"type":"shell"}],"tool_choice":{"type":"shell"}}
            """)))!.AsObject();

        Assert.Equal("""{"id":"conv_1"}""", json["conversation"]!.ToJsonString());
        Assert.Equal("""{"id":"p","version":"1","variables":{"a":"b"}}""", json["prompt"]!.ToJsonString());
        Assert.Equal("""{"format":{"type":"json_schema","name":"n","schema":{"a":1.50},"strict":true},"verbosity":"low"}""", json["text"]!.ToJsonString());
        Assert.Equal("""{"effort":"minimal","summary":"concise"}""", json["reasoning"]!.ToJsonString());
        Assert.Equal("""[{"type":"compaction","compact_threshold":9}]""", json["context_management"]!.ToJsonString());
        Assert.Equal("""{"type":"shell"}""", json["tool_choice"]!.ToJsonString());
        Assert.Equal("""{"a":"b"}""", json["metadata"]!.ToJsonString());
        Assert.Equal(
            "i true false 5 64 0.25 0.5 3 -1 1.5 disabled flex k s u",
            string.Join(' ', new[]
            {
                "instructions", "background", "parallel_tool_calls", "max_tool_calls", "max_output_tokens", "temperature", "top_p", "top_logprobs",
                "presence_penalty", "frequency_penalty", "truncation", "service_tier", "prompt_cache_key", "safety_identifier", "user",
            }.Select(name => json[name]!.ToString())));
    }

    [Theory]
    [InlineData("""{"type":"function","name":"f"}""", """{"type":"function","name":"f","description":null,"parameters":null,"strict":null}""")]
    [InlineData("""{"type":"function","name":"f","strict":true,"parameters":{"a":1E2},"x":1}""", """{"type":"function","name":"f","strict":true,"parameters":{"a":1E2},"x":1,"description":null}""")]
    [InlineData("""{"type":"mcp","headers":{"Authorization":"secret"},"server_label":"s","authorization":"secret"}""", """{"type":"mcp","server_label":"s","require_approval":"always"}""")]
    [InlineData("""{"type":"web_search"}""", """{"type":"web_search"}""")]
    public void Echoed_tools_have_their_defaults_and_no_secrets(string tool, string echoed)
    {
        var response = Streams.Skeleton(Parse.With($"\"tools\":[{tool}]"));

        Assert.Equal(echoed, JsonSerializer.Serialize(Assert.Single(response.Tools), ResponsesJson.Wire.ToolDefinition));
    }

    [Fact]
    public void A_response_reads_and_writes_back_the_same()
    {
        Streams.Check(Streams.Read(Streams.Full()), out var final);
        var json = Json(final!);

        Assert.Equal(json, Json(JsonSerializer.Deserialize(json, ResponsesJson.Wire.ResponseObject)!));
    }

    [Fact]
    public void Output_text_joins_every_text_part()
    {
        var response = Streams.Skeleton() with
        {
            Output =
            [
                new MessageItem { Role = MessageRole.Assistant, Content = [new OutputTextPart { Text = "a" }, new RefusalPart { Refusal = "x" }, new OutputTextPart { Text = "b" }] },
                new FunctionCallItem { CallId = "c", Name = "f", Arguments = "{}" },
                new MessageItem { Role = MessageRole.Assistant, Content = [new OutputTextPart { Text = "c" }] },
            ],
        };

        Assert.Equal("abc", response.OutputText);
    }

    [Fact]
    public void Ids_are_a_prefix_and_32_random_hex_digits()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => ResponseIds.New(ResponseIds.Response)).ToHashSet();

        Assert.Equal(1000, ids.Count);
        Assert.All(ids, id => Assert.Matches("^resp_[0-9a-f]{32}$", id));
        Assert.All(ids, id => Assert.True(ResponseIds.IsWellFormedResponseId(id)));
    }

    [Theory]
    [InlineData("resp_a", true)]
    [InlineData("resp-A9", true)]
    [InlineData("resp_", false)]
    [InlineData("resp", false)]
    [InlineData("", false)]
    [InlineData("resp.a", false)]
    [InlineData("Resp_a", false)]
    [InlineData("resp_a b", false)]
    [InlineData("resp_a\n", false)]
    [InlineData("resp_é", false)]
    [InlineData("resp_a/../b", false)]
    [InlineData("xresp_a", false)]
    public void A_response_id_is_well_formed_or_not(string id, bool expected) => Assert.Equal(expected, ResponseIds.IsWellFormedResponseId(id));

    private static string Json(ResponseObject response) => JsonSerializer.Serialize(response, ResponsesJson.Wire.ResponseObject);
}
