using System.Net;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>A server whose window holds 512 tokens; the endless model's tokenizer makes one of each byte.</summary>
public sealed class TruncationTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(EndlessModel.Path, options => options.ContextWindow = 512);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Too_long_an_input_is_refused_when_truncation_is_disabled()
    {
        using var response = await _server.PostAsync("/v1/responses", Conversation(turns: 20, "disabled"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.Equal("input", error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Old_turns_are_dropped_when_truncation_is_auto_and_room_is_left_to_answer_in()
    {
        var whole = await _server.AnswerAsync(Conversation(turns: 20, "auto"));
        var newest = await _server.AnswerAsync(Conversation(turns: 1, "auto"));

        var input = whole.GetProperty("usage").GetProperty("input_tokens").GetInt64();
        Assert.InRange(input, newest.GetProperty("usage").GetProperty("input_tokens").GetInt64() + 1, 512 - 128);
        Assert.Equal(512 - input, whole.GetProperty("usage").GetProperty("output_tokens").GetInt64());
        Assert.Equal("incomplete", whole.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_last_message_is_never_dropped()
    {
        using var response = await _server.PostAsync("/v1/responses", new { model = "served", input = new string('x', 600), truncation = "auto" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("context_length_exceeded", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Megabytes_of_old_turns_are_dropped_as_well()
    {
        var input = new object[]
        {
            new { role = "user", content = new string('x', 8 << 20) },
            new { role = "assistant", content = "Yes." },
            new { role = "user", content = "And now?" },
        };

        var response = await _server.AnswerAsync(new { model = "served", input, max_output_tokens = 1 });

        Assert.InRange(response.GetProperty("usage").GetProperty("input_tokens").GetInt64(), 1, 100);
    }

    private static object Conversation(int turns, string truncation) => new
    {
        model = "served",
        truncation,
        temperature = 0,
        input = Enumerable.Range(0, turns).SelectMany(n => new[]
        {
            new { role = "user", content = $"Question {n}: what came before?" },
            new { role = "assistant", content = $"Question {n - 1}." },
        }).Append(new { role = "user", content = "And now?" }),
    };
}
