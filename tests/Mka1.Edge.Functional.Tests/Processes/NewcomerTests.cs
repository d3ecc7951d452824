using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Functional.Tests.Processes;

/// <summary>What the program prints works when pasted into a shell, and stopping it ends cleanly.</summary>
public sealed class NewcomerTests
{
    [Fact]
    public async Task The_printed_curl_line_answers_and_a_termination_is_clean()
    {
        await using var local = await LocalProcess.StartAsync();

        using var json = JsonDocument.Parse(await BashAsync(local.CurlLine));
        Assert.Contains("Paris", json.RootElement.GetProperty("output_text").GetString(), StringComparison.Ordinal);

        var streaming = local.CurlLine.Replace("\"temperature\":0", "\"temperature\":0,\"stream\":true", StringComparison.Ordinal);
        Assert.NotEqual(local.CurlLine, streaming);
        Assert.Contains("Paris", TextOf(await BashAsync(streaming)), StringComparison.Ordinal);

        Assert.Equal(0, await local.TerminateAsync());
    }

    [Fact]
    public async Task A_termination_lets_a_running_answer_end()
    {
        await using var local = await LocalProcess.StartAsync();
        using var http = new HttpClient();
        var key = local.CurlLine.Split("Bearer ")[1].Split('\'')[0];
        using var client = new Support.EdgeClient(local.Address, key);
        using var stream = await client.StreamAsync(Support.LongAnswer.Stream);
        await stream.ReadToFirstDeltaAsync();

        var exit = local.TerminateAsync();
        await stream.ReadToEndAsync();

        Assert.Equal(ResponseStatus.Completed, stream.Final.Status);
        Assert.Equal(0, await exit);
    }

    [Theory]
    [InlineData("--models", "/no/such/folder", "mka1-mini")]
    [InlineData("--config", "/no/such/file.json", "/no/such/file.json")]
    public async Task What_cannot_be_used_is_named_and_nothing_more(string argument, string value, string named)
    {
        var (exitCode, all, error) = await LocalProcess.FailAsync(argument, value);
        Assert.Equal(1, exitCode);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_nothing_more()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";
        var (exitCode, all, error) = await LocalProcess.FailAsync("--urls", address);
        Assert.Equal(1, exitCode);
        Assert.Contains(address, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", all, StringComparison.Ordinal);
    }

    private static string TextOf(string events)
    {
        var (frames, rules, text) = (new SseReader(), new ResponseAccumulator(), new StringBuilder());
        frames.Push(Encoding.UTF8.GetBytes(events));
        while (frames.TryRead(out var frame) == SseReadStatus.Frame)
        {
            if (frame.IsDone) continue;
            Assert.IsType<StreamStep.Accepted>(rules.Accept(frame.Event, frame.Data));
            if (frame.Event.SequenceEqual("response.output_text.delta"u8)) text.Append(JsonDocument.Parse(frame.Data.ToArray()).RootElement.GetProperty("delta").GetString());
        }

        Assert.IsType<StreamStep.Accepted>(rules.End());
        return text.ToString();
    }

    private static async Task<string> BashAsync(string line)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.True(bash.ExitCode == 0, await error);
        return await output;
    }
}
