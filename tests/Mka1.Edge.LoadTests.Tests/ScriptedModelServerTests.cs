using System.Net;
using System.Text;
using Mka1.Edge.LoadTests.Scenarios;
using Mka1.Edge.LoadTests.Upstream;

namespace Mka1.Edge.LoadTests.Tests;

/// <summary>Promise: a scripted model server does what the request says.</summary>
public sealed class ScriptedModelServerTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private ScriptedModelServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_stream_has_as_many_deltas_as_it_is_told()
    {
        using var answer = await PostAsync(Bodies.Create("deltas=7 itt=1 ttft=1", stream: true));
        var text = await answer.Content.ReadAsStringAsync();
        var numbers = StreamEvents.Numbers(text);
        Assert.True(StreamEvents.AreWhole(numbers));
        Assert.Equal((7 + 8, 7), (numbers.Count, text.Split("event: response.output_text.delta\n").Length - 1));
    }

    [Fact]
    public async Task The_last_script_counts()
    {
        using var answer = await PostAsync("""{"input":[{"content":"script(status=500)"},{"content":"script(status=429 unknown=1)"}]}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_is_to_be_cut_breaks_off()
    {
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var answer = await PostAsync(Bodies.Create("deltas=7 cut=3", stream: true));
            await answer.Content.ReadAsStringAsync();
        });
    }

    [Fact]
    public async Task Who_leaves_a_held_stream_is_noticed()
    {
        var before = TimeProvider.System.GetTimestamp();
        var answer = await PostAsync(Bodies.Create("deltas=2 hold=1 id=9", stream: true));
        Assert.False(_server.Left(9).IsCompleted);
        answer.Dispose();
        Assert.True(await _server.Left(9).WaitAsync(TimeSpan.FromSeconds(60)) > before);
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Address + "/v1/responses") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
