using System.Net.Http.Headers;
using System.Text;
using Mka1.Edge.Resilience.Tests.Support;
using Mka1.Edge.Stores.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>An interleaving that was found at random, one in several hundred, and is played here every time.</summary>
public sealed class OldNewsTests
{
    [Fact]
    public async Task A_reader_who_looked_before_a_run_began_and_again_when_it_had_ended_misses_nothing()
    {
        var log = new HeldLog();
        await using var gateway = await LocalGateway.StartAsync((services, _) => services.AddSingleton<IStreamLog>(log), perTenant: 1);
        var inTheWay = await SendAsync(HttpMethod.Post, "", PacedRequest.New(deltas: 1, delayMs: 60_000).Body(background: true));
        var request = PacedRequest.New(deltas: 3, delayMs: 0);
        var queued = await SendAsync(HttpMethod.Post, "", request.Body(background: true));
        log.Hold(queued.Id);
        var reading = ReadAsync(queued.Id);
        await log.Asked.WaitAsync(Patience.Long);

        await SendAsync(HttpMethod.Post, $"/{inTheWay.Id}/cancel");
        await Patience.UntilAsync(async () => (await SendAsync(HttpMethod.Get, "/" + queued.Id)).ResponseStatus == "completed", "the run has ended");
        log.Release();

        var events = await reading;
        Assert.Equal(Enumerable.Range(0, events.Count).Select(number => (long)number), events.Select(e => e.Sequence));
        Assert.Equal(request.Text, string.Concat(events.Select(e => e.Delta)));

        async Task<Answer> SendAsync(HttpMethod method, string rest, string? body = null)
        {
            using var message = Message(method, rest);
            if (body is not null) message.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await gateway[0].SendAsync(message, Patience.Within(Patience.Long));
            return new Answer(answer.StatusCode, null, await answer.Content.ReadAsStringAsync());
        }

        async Task<List<ReceivedEvent>> ReadAsync(string id)
        {
            using var message = Message(HttpMethod.Get, $"/{id}?stream=true");
            using var opened = await OpenedStream.OfAsync(await gateway[0].SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Patience.Within(Patience.Long)));
            using var stream = opened.Take();
            var events = new List<ReceivedEvent>();
            await stream.ReadToEndAsync(events, Patience.Within(Patience.Long));
            return events;
        }

        HttpRequestMessage Message(HttpMethod method, string rest)
        {
            var message = new HttpRequestMessage(method, "/api/v1/llm/responses" + rest);
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Key);
            return message;
        }
    }
}
