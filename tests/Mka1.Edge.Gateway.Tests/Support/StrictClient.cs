using System.Text;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A client that enforces every rule of the stream contract on what it hears.</summary>
public static class StrictClient
{
    /// <summary>Follows a stream to its end and asserts that it keeps every rule.</summary>
    /// <returns>The response of its terminal event.</returns>
    public static ResponseObject Follow(IReadOnlyList<SseEvent> heard)
    {
        Assert.NotEmpty(heard);
        Assert.Equal("[DONE]", heard[^1].Data);
        var client = new ResponseAccumulator();
        foreach (var e in heard.SkipLast(1))
        {
            var step = client.Accept(Encoding.UTF8.GetBytes(e.Name), Encoding.UTF8.GetBytes(e.Data));
            if (step is StreamStep.Violation violation) Assert.Fail(violation.Message + Environment.NewLine + Beginning(string.Concat(heard)));
        }

        Assert.IsType<StreamStep.Accepted>(client.End());
        return client.Final!;
    }

    /// <summary>Asserts that a stream ended with the gateway's own failure.</summary>
    public static ResponseObject AssertFailed(IReadOnlyList<SseEvent> heard, string code)
    {
        var final = Follow(heard);
        Assert.Equal(ResponseStatus.Failed, final.Status);
        Assert.Equal(code, final.Error!.Code);
        Assert.Equal("error", heard[^3].Name);
        Assert.Equal(code, heard[^3].Json.GetProperty("code").GetString());
        Assert.Equal(code, heard[^3].Json.GetProperty("error").GetProperty("code").GetString());
        Envelope.AssertNothingInside(string.Concat(heard));
        return final;
    }

    private static string Beginning(string text) => text.Length <= 2_000 ? text : text[..2_000];
}
