using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>Promise: whatever bytes come over a connection, it is answered or closed, no answer is a fault of the gateway's, and no two are given for one request.</summary>
public sealed partial class HeadsTakeAnythingTests(GatewayFixture gateway, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    private const long InCI = 1_000;
    private const int AtATime = 16;

    /// <summary>Milliseconds in which a whole request is mostly answered.</summary>
    private const int Enough = 100;

    /// <summary>Of 5xx, only what HTTP itself has for methods and versions that are not known.</summary>
    private static readonly HashSet<int> Known = [501, 505];

    [Fact]
    public async Task Every_mutation_of_a_request_is_answered_or_closed()
    {
        foreach (var upstream in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) upstream.Play(FuzzedGateway.AnswerAsync);
        var samples = Sample.Of("head").Select(sample => sample with { Bytes = [.. Latin(Text(sample.Bytes).Replace("KEY", TestKeys.Acme, StringComparison.Ordinal))] }).ToArray();
        foreach (var sample in samples)
        {
            Assert.Null(await JudgeAsync(sample.Bytes));
            Assert.StartsWith("HTTP/1.1 ", await ExchangeAsync(sample.Bytes, waits: true), StringComparison.Ordinal);
        }

        var run = new FuzzRun("heads", FuzzRun.Wanted("MKA1_FUZZ_HEADS", InCI));
        await Task.Run(() => run.Over(samples, mutation => JudgeAsync(mutation.Bytes).GetAwaiter().GetResult(), AtATime));
        output.WriteLine($"{run.Done:N0} requests.");
        FuzzRun.Tell($"heads: {run.Done:N0} done, 0 faults.");
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    /// <param name="bytes">What is sent.</param>
    /// <param name="waits">Whether an answer is sure to come; else whoever asks for more than is sent hears soon that nothing more comes.</param>
    private async Task<string> ExchangeAsync(byte[] bytes, bool waits = false)
    {
        using var raw = await RawHttp.ConnectAsync(gateway.Port);
        try
        {
            await raw.SendAsync(Text(bytes));
            var answer = raw.ReadToEndAsync();
            if (!waits && await Task.WhenAny(answer, Task.Delay(Enough)) != answer) raw.Finish();
            return await answer;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return "";
        }
    }

    private async Task<string?> JudgeAsync(byte[] bytes)
    {
        var answer = await ExchangeAsync(bytes);
        if (answer.Length == 0) return null;
        var statuses = StatusLine().Matches(answer).Select(line => int.Parse(line.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        if (statuses.Count == 0) return $"No answer of HTTP: {answer}";
        return statuses.Any(status => status >= 500 && !Known.Contains(status)) ? answer : null;
    }

    [GeneratedRegex(@"^HTTP/1\.[01] (\d{3}) ?", RegexOptions.Multiline)]
    private static partial Regex StatusLine();
}
