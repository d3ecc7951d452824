using System.Text;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A client that reads a stream bit by bit and may leave in the middle.</summary>
public sealed class StreamClient : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly Stream _body;
    private readonly MemoryStream _heard = new();
    private readonly byte[] _buffer = new byte[4096];

    private StreamClient(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _body = body;
    }

    /// <summary>Everything heard so far.</summary>
    public string Text => Encoding.UTF8.GetString(_heard.ToArray());

    public HttpResponseMessage Answer => _answer;

    /// <summary>The id of the response, once its first event has been heard.</summary>
    public string Id => Wire.Events(Text)[0].Json.GetProperty("response").GetProperty("id").GetString()!;

    public static async Task<StreamClient> OpenAsync(GatewayFixture gateway, HttpRequestMessage request)
    {
        var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode) Assert.Fail(await answer.Content.ReadAsStringAsync());
        return new StreamClient(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads until <paramref name="mark"/> has come.</summary>
    public async Task UntilAsync(string mark)
    {
        while (!Text.Contains(mark, StringComparison.Ordinal)) Assert.True(await ReadAsync(), $"The stream ended before '{mark}' came: {Text}");
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>All of the stream.</returns>
    public async Task<string> EndAsync()
    {
        while (await ReadAsync())
        {
        }

        return Text;
    }

    public void Dispose()
    {
        _body.Dispose();
        _answer.Dispose();
        _heard.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        var read = await _body.ReadAsync(_buffer).AsTask().Soon();
        _heard.Write(_buffer, 0, read);
        return read > 0;
    }
}
