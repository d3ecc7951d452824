using System.Net;
using System.Text.Json;
using Mka1.Edge.Functional.Tests.Support;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Functional.Tests.Wire;

/// <summary>The examples of MKA1's text generation guide, with nothing changed but host and key.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class PublishedExampleTests(LocalRunFixture local)
{
    private const string EndUser = "user-42";

    public static TheoryData<string, string> Stateless => new()
    {
        {
            "Send a simple prompt",
            """
            {
              "model": "meetkai:functionary-urdu-mini-pak",
              "input": "Write a one-sentence summary of the MKA1 API."
            }
            """
        },
        {
            "Add instructions",
            """
            {
              "model": "meetkai:functionary-urdu-mini-pak",
              "instructions": "You are a support assistant. Reply in plain English. Keep answers under 80 words.",
              "input": "Explain what embeddings are used for."
            }
            """
        },
        {
            "Send structured messages",
            """
            {
              "model": "meetkai:functionary-urdu-mini-pak",
              "input": [
                {
                  "type": "message",
                  "role": "developer",
                  "content": "Answer as a technical writer. Keep the reply concise."
                },
                {
                  "type": "message",
                  "role": "user",
                  "content": "Draft a short product update about faster response times."
                }
              ]
            }
            """
        },
        {
            "Stream text as it is generated",
            """
            {
              "model": "meetkai:functionary-urdu-mini-pak",
              "input": "Write three release notes bullets for our docs update.",
              "stream": true
            }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Stateless))]
    public async Task It_is_answered_as_json(string title, string body)
    {
        using var client = local.Client;
        var answer = await client.CreateAsync(body.Replace("\"stream\": true", "\"stream\": false", StringComparison.Ordinal), EndUser);

        Assert.True(answer.GetProperty("status").GetString() == "completed", title);
        Assert.NotEqual("", answer.GetProperty("output_text").GetString());
        Assert.Equal(LocalRunFixture.Model, answer.GetProperty("model").GetString());
        var usage = answer.GetProperty("usage");
        Assert.Equal(
            usage.GetProperty("total_tokens").GetInt64(),
            usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("output_tokens").GetInt64());
    }

    [Theory]
    [MemberData(nameof(Stateless))]
    public async Task It_is_answered_as_a_stream(string title, string body)
    {
        using var client = local.Client;
        using var stream = await client.StreamAsync(
            body.Contains("\"stream\"", StringComparison.Ordinal) ? body : body.TrimEnd().TrimEnd('}').TrimEnd() + ", \"stream\": true }", EndUser);
        var events = await stream.ReadToEndAsync();

        Assert.True(stream.Final.Status == ResponseStatus.Completed, title);
        Assert.NotEqual("", string.Concat(events.Select(e => e.TextDelta)));
    }

    [Fact]
    public async Task It_is_answered_without_an_end_user()
    {
        using var client = local.Client;
        var answer = await client.CreateAsync($$"""{ "model": "{{LocalRunFixture.Model}}", "input": "Write a one-sentence summary of the MKA1 API." }""");
        Assert.Equal("completed", answer.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{ "model": "meetkai:functionary-urdu-mini-pak", "previous_response_id": "resp_123", "input": "Now turn that into an email subject line." }""", HttpStatusCode.BadRequest, "previous_response_not_found")]
    [InlineData("""{ "model": "meetkai:functionary-urdu-mini-pak", "conversation": "conv_123", "input": "What should I ask next to refine this draft?" }""", HttpStatusCode.NotFound, "not_found")]
    public async Task One_that_names_what_is_not_there_is_refused_in_words(string body, HttpStatusCode status, string code)
    {
        using var client = local.Client;
        using var response = await client.SendAsync("responses", body, EndUser);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, answer.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(answer.RootElement.GetProperty("error").GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Those_that_need_stored_state_follow_on_each_other()
    {
        using var client = local.Client;
        using var response = await client.SendAsync("conversations", """{ "metadata": { "session_id": "web-42" } }""", EndUser);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var conversation = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("web-42", conversation.RootElement.GetProperty("metadata").GetProperty("session_id").GetString());

        var id = conversation.RootElement.GetProperty("id").GetString();
        var first = await client.CreateAsync(
            $$"""{ "model": "meetkai:functionary-urdu-mini-pak", "conversation": "{{id}}", "input": "What should I ask next to refine this draft?" }""", EndUser);
        Assert.Equal(id, first.GetProperty("conversation").GetProperty("id").GetString());

        var before = first.GetProperty("id").GetString();
        var second = await client.CreateAsync(
            $$"""{ "model": "meetkai:functionary-urdu-mini-pak", "previous_response_id": "{{before}}", "input": "Now turn that into an email subject line." }""", EndUser);
        Assert.Equal("completed", second.GetProperty("status").GetString());
        Assert.Equal(before, second.GetProperty("previous_response_id").GetString());
    }
}
