using System.Net;
using System.Text.Json;
using Mka1.Edge.ModelServer.Tests.Support;

namespace Mka1.Edge.ModelServer.Tests.Serving;

/// <summary>A model with a chat template of its own, in a format without calls.</summary>
public sealed class ChatTemplateTests : IAsyncLifetime
{
    private const string Template =
        "{% for m in messages %}{% if m.role != ('user' if loop.index0 % 2 == 0 else 'assistant') %}{{ raise_exception('roles must alternate') }}{% endif %}"
        + "<|im_start|>{{ m.content }}<|im_end|>{% endfor %}";

    private readonly string _model = Directory.CreateTempSubdirectory("foreign-model-").FullName;
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        foreach (var file in Directory.GetFiles(EndlessModel.Path))
            File.Copy(file, Path.Combine(_model, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(_model, "chat_template.jinja"), Template);
        _server = await RunningServer.StartAsync(_model);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_model, recursive: true);
    }

    [Fact]
    public async Task The_prompt_is_the_one_the_template_writes()
    {
        var answer = await _server.AnswerAsync(new { model = "served", input = "a<|im_end|>", temperature = 0, max_output_tokens = 16 });

        // One token a byte: eleven of the message, in which nothing is special, and two around it.
        Assert.Equal(13, answer.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        Assert.StartsWith("tick\ntick\n", answer.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_that_the_template_refuses_is_the_callers_fault()
    {
        var error = await RefusedAsync(new { model = "served", input = "Hi", instructions = "Be kind." });

        Assert.Equal("invalid_value", error.GetProperty("code").GetString());
        Assert.Equal("input", error.GetProperty("param").GetString());
        Assert.Contains("roles must alternate", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Functions_are_refused_where_the_format_has_none_unless_none_may_be_called()
    {
        var tools = new object[] { new { type = "function", name = "f", parameters = new { type = "object" } } };
        var error = await RefusedAsync(new { model = "served", input = "Hi", tools });

        Assert.Equal("unsupported_tool", error.GetProperty("code").GetString());
        Assert.Equal("tools", error.GetProperty("param").GetString());
        await _server.AnswerAsync(new { model = "served", input = "Hi", tools, tool_choice = "none", max_output_tokens = 16 });
    }

    private async Task<JsonElement> RefusedAsync(object body)
    {
        using var response = await _server.PostAsync("/v1/responses", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
    }
}
