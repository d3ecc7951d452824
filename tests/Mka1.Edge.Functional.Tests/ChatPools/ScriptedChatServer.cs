using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Functional.Tests.ChatPools;

/// <summary>A server that speaks Chat Completions and says what a test has it say.</summary>
public sealed class ScriptedChatServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public ScriptedChatServer()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", http => Answer(http));
    }

    public string Address => _app.Urls.First();

    /// <summary>What it does with each request.</summary>
    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>A stream of chunks, each sent by itself; the connection ends with the last.</summary>
    public static RequestDelegate Stream(params string[] chunks) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var chunk in chunks)
        {
            await http.Response.WriteAsync($"data: {chunk}\n\n");
            await http.Response.Body.FlushAsync();
        }
    };

    /// <summary>A JSON answer.</summary>
    public static RequestDelegate Json(int status, string body) => async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body);
    };

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
