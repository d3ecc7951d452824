using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Resilience.Tests.Support;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>
/// Plays a list of steps on gateways, each as soon as the one before has its answer while streams run on beside them, and
/// compares all that clients are told with a model that knows nothing but what they were told before.
/// </summary>
internal sealed class Interleaving(IGateways gateways)
{
    private readonly string _endUser = "user-" + Guid.NewGuid().ToString("N");
    private readonly List<ModelRun> _runs = [];
    private readonly List<Task> _readers = [];
    private readonly ConcurrentQueue<string> _faults = new();
    private int _kills;

    /// <summary>Plays the steps; fails with all that was wrong.</summary>
    public static async Task PlayAsync(IGateways gateways, IReadOnlyList<Step> steps)
    {
        var interleaving = new Interleaving(gateways);
        foreach (var step in steps) await interleaving.DoAsync(step);
        await interleaving.CheckAsync();
        Assert.True(interleaving._faults.IsEmpty, string.Join('\n', interleaving._faults));
    }

    private Task DoAsync(Step step) => step switch
    {
        Step.Create create => HeardAsync(() => CreateAsync(create)),
        Step.Read read => OnRunAsync(read.Run, run => { _readers.Add(ReadAsync(run, read)); return Task.CompletedTask; }),
        Step.Get get => OnRunAsync(get.Run, run => HeardAsync(() => GetAsync(run, get.At))),
        Step.Cancel cancel => OnRunAsync(cancel.Run, run => HeardAsync(() => CancelAsync(run, cancel.At))),
        Step.Delete delete => OnRunAsync(delete.Run, run => HeardAsync(() => DeleteAsync(run, delete.At))),
        Step.List list => HeardAsync(() => ListAsync(list.At)),
        Step.Wait wait => Task.Delay(wait.Milliseconds),
        Step.Kill kill => KillAsync(kill.At),
        _ => throw new UnreachableException(),
    };

    private Task OnRunAsync(int number, Func<ModelRun, Task> action) => _runs.Count == 0 ? Task.CompletedTask : action(_runs[number % _runs.Count]);

    /// <summary>A connection may break when replicas are killed, and only then.</summary>
    private async Task HeardAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is HttpRequestException or IOException && _kills > 0)
        {
            // Whatever came of it is found out in the end.
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Fault($"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task KillAsync(int replica)
    {
        _kills++;
        await gateways.KillAsync(replica % gateways.Count);

        // Every other time the steps go on while it is not there.
        if (_kills % 2 == 0) await gateways.HealAsync();
    }

    private async Task CreateAsync(Step.Create create)
    {
        var request = PacedRequest.New(create.Deltas, create.DelayMs);
        var stored = create.Kind is not (RunKind.UnstoredJson or RunKind.UnstoredStream);
        var stream = create.Kind is RunKind.UnstoredStream or RunKind.Stream or RunKind.BackgroundStream;
        var background = create.Kind is RunKind.Background or RunKind.BackgroundStream;
        var message = Message(HttpMethod.Post, "");
        message.Content = new StringContent(request.Body(stream, stored, background), Encoding.UTF8, "application/json");
        if (!stream)
        {
            var answer = await AskAsync(create.At, message);
            if (answer.Status != HttpStatusCode.OK)
            {
                if (_kills == 0) Fault($"A create was answered {answer.Status}: {answer.Body}");
                return;
            }

            var run = Add(answer.Id, create.Kind, request);
            if (background ? answer.ResponseStatus != "queued" : !answer.IsTerminal) Fault($"{run.Id} was answered as {answer.ResponseStatus}");
            if (answer.IsTerminal) Ended(run, answer.Body);
            return;
        }

        using var opened = await OpenAsync(create.At, message);
        if (opened.Stream is null)
        {
            if (_kills == 0) Fault($"A stream was answered {opened.Answer!.Status}: {opened.Answer.Body}");
            return;
        }

        var source = opened.Take();
        if (await source.ReadAsync(Patience.Within(Patience.Long)) is not { } first)
        {
            source.Dispose();
            Fault("A stream ended without an event.");
            return;
        }

        var made = Add(new Answer(default, null, first.Response).Id, create.Kind, request);
        var events = made.BeginReading(-1);
        events.Add(first);
        _readers.Add(FollowAsync(made, source, events, create.Leave));
    }

    private async Task ReadAsync(ModelRun run, Step.Read read)
    {
        await Task.Yield();
        await HeardAsync(async () =>
        {
            var deleted = run.Deleted;
            using var opened = await OpenAsync(read.At, Message(HttpMethod.Get, $"/{run.Id}?stream=true&starting_after={read.After}"));
            if (opened.Stream is null)
            {
                ExpectFound(run, opened.Answer!, deleted);
                return;
            }

            if (deleted || !run.IsStored) Fault($"{run.Id} can be read although it is {(deleted ? "deleted" : "not stored")}");
            await FollowAsync(run, opened.Take(), run.BeginReading(read.After), read.Leave);
        });
    }

    private Task FollowAsync(ModelRun run, EventStream source, List<ReceivedEvent> events, int leave) => HeardAsync(async () =>
    {
        using (source)
        {
            while (events.Count != leave)
            {
                if (await source.ReadAsync(Patience.Within(Patience.Long)) is not { } next)
                {
                    var whole = events.Count == 0 || events[^1].IsTerminal;
                    if (!(source.Done && whole) && !run.Deleted && !run.PerhapsDeleted && _kills == 0) Fault($"The stream of {run.Id} ended after {events.Count} events without its end");
                    return;
                }

                events.Add(next);
                if (next.IsTerminal) Ended(run, next.Response);
            }

            run.Left = true;
        }
    });

    private async Task GetAsync(ModelRun run, int at)
    {
        var (deleted, ended) = (run.Deleted, run.End);
        var answer = await AskAsync(at, Message(HttpMethod.Get, "/" + run.Id));
        if (ExpectFound(run, answer, deleted) && answer.IsTerminal) Ended(run, answer.Body);
        else if (answer.Status == HttpStatusCode.OK && ended is { } end && !run.Deleted) Fault($"{run.Id} had ended and is {answer.ResponseStatus} again: {end}");
    }

    private async Task CancelAsync(ModelRun run, int at)
    {
        var deleted = run.Deleted;
        run.CancelAsked |= run.IsBackground;
        var answer = await AskAsync(at, Message(HttpMethod.Post, $"/{run.Id}/cancel"));
        if (run.IsStored && !run.IsBackground && answer.Status == HttpStatusCode.BadRequest) return;
        if (!ExpectFound(run, answer, deleted)) return;
        if (!answer.IsTerminal) Fault($"{run.Id} was cancelled and is {answer.ResponseStatus}");
        else Ended(run, answer.Body);
    }

    private async Task DeleteAsync(ModelRun run, int at)
    {
        var deleted = run.Deleted;
        run.PerhapsDeleted = true;
        var answer = await AskAsync(at, Message(HttpMethod.Delete, "/" + run.Id));
        if (ExpectFound(run, answer, deleted)) run.Deleted = true;
    }

    private async Task ListAsync(int at)
    {
        var gone = _runs.Where(run => run.Deleted || !run.IsStored).Select(run => run.Id).ToList();
        var there = _runs.Where(run => run is { IsStored: true, Deleted: false, PerhapsDeleted: false }).Select(run => run.Id).ToList();
        var listed = await ListedAsync(at);
        if (listed is null) return;
        foreach (var id in listed.Intersect(gone)) Fault($"{id} is listed and should not be");
        foreach (var id in there.Except(listed)) Fault($"{id} is not listed");
    }

    private async Task<List<string>?> ListedAsync(int at)
    {
        var answer = await AskAsync(at, Message(HttpMethod.Get, "?limit=100"));
        if (answer.Status == HttpStatusCode.OK) return [.. JsonDocument.Parse(answer.Body).RootElement.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
        if (_kills == 0) Fault($"A list was answered {answer.Status}: {answer.Body}");
        return null;
    }

    /// <returns>Whether the answer is about a response that is there.</returns>
    private bool ExpectFound(ModelRun run, Answer answer, bool deletedBefore)
    {
        var there = run.IsStored && !deletedBefore;
        if (answer.Status == HttpStatusCode.OK)
        {
            if (!there) Fault($"{run.Id} is {(run.IsStored ? "deleted" : "not stored")} and was found: {answer.Body}");
            return there;
        }

        // One that is deleted meanwhile may be found or not.
        if (answer.Status == HttpStatusCode.NotFound && (!there || run.Deleted || run.PerhapsDeleted)) return false;
        if (answer.Status == HttpStatusCode.ServiceUnavailable && _kills > 0) return false;
        Fault($"{run.Id} was asked for and answered {answer.Status}: {answer.Body}");
        return false;
    }

    /// <summary>Waits until all is quiet, then looks at everything once more, at every replica.</summary>
    private async Task CheckAsync()
    {
        await Task.WhenAll(_readers);
        await gateways.HealAsync();
        foreach (var run in _runs)
        {
            for (var at = 0; at < gateways.Count; at++) await CheckAsync(run, at);
        }

        for (var at = 0; at < gateways.Count; at++) await ListAsync(at);
        await CheckBooksAsync();
    }

    private async Task CheckAsync(ModelRun run, int at)
    {
        if (run.Deleted || !run.IsStored)
        {
            await GetAsync(run, at);
            new RunCheck(run, _kills, Fault).Readings(null);
            return;
        }

        Answer? answer = null;
        await Patience.UntilAsync(
            async () =>
            {
                answer = await AskAsync(at, Message(HttpMethod.Get, "/" + run.Id));
                return answer.Status != HttpStatusCode.OK || answer.IsTerminal;
            },
            $"{run.Id} ends");
        if (!ExpectFound(run, answer!, deletedBefore: false)) return;
        Ended(run, answer!.Body);

        List<ReceivedEvent>? reference = null;
        if (run.IsStream)
        {
            using var opened = await OpenAsync(at, Message(HttpMethod.Get, $"/{run.Id}?stream=true"));
            if (opened.Stream is null)
            {
                Fault($"{run.Id} was asked for as a stream and answered {opened.Answer!.Status}: {opened.Answer.Body}");
                return;
            }

            reference = [];
            using var source = opened.Take();
            while (await source.ReadAsync(Patience.Within(Patience.Long)) is { } next) reference.Add(next);
            if (!source.Done) Fault($"The stream of {run.Id} has no marker at its end");
        }

        var check = new RunCheck(run, _kills, Fault);
        check.Readings(reference);
        check.End(answer, reference, gateways.Model.CallsOf(run.Request.Seed).Count);
    }

    /// <summary>Every run is billed once, and what was set aside for it and not used is free again.</summary>
    private async Task CheckBooksAsync()
    {
        var (left, rows) = (0L, (IReadOnlyList<(string Run, long Tokens)>)[]);

        try
        {
            await Patience.UntilAsync(
                async () =>
                {
                    rows = await gateways.LedgerAsync(_endUser);
                    left = await RemainingAsync();
                    var (taken, used) = (IGateways.Tokens - left, rows.Sum(row => row.Tokens));
                    return taken == used || rows.DistinctBy(row => row.Run).Count() < rows.Count;
                },
                "the counters say what the ledger says",
                Patience.Hang);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Fault($"{IGateways.Tokens - left} tokens are taken by the counters, and {rows.Sum(row => row.Tokens)} by the ledger");
        }

        foreach (var twice in rows.GroupBy(row => row.Run).Where(group => group.Count() > 1)) Fault($"{twice.Key} is billed {twice.Count()} times");
        foreach (var run in _runs.Where(run => run.End is { } end && new Answer(default, null, end).ResponseStatus == "completed" && (run.IsStored || _kills == 0)))
        {
            if (rows.All(row => row.Run != run.Id)) Fault($"{run.Id} was completed and is not billed");
        }
    }

    private async Task<long> RemainingAsync()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "/api/v1/llm/models");
        Sign(message);
        using var answer = await gateways[0].SendAsync(message, Patience.Within(Patience.Long));
        return long.Parse(answer.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), CultureInfo.InvariantCulture);
    }

    private ModelRun Add(string id, RunKind kind, PacedRequest request)
    {
        var run = new ModelRun(id, kind, request);
        _runs.Add(run);
        return run;
    }

    private void Ended(ModelRun run, string body)
    {
        if (!run.Ends(body)) Fault($"{run.Id} ended as {run.End} and then as {body}");
    }

    private void Fault(string what) => _faults.Enqueue(what);

    private HttpRequestMessage Message(HttpMethod method, string rest)
    {
        var message = new HttpRequestMessage(method, "/api/v1/llm/responses" + rest);
        Sign(message);
        return message;
    }

    private void Sign(HttpRequestMessage message)
    {
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", gateways.Key);
        message.Headers.Add("X-On-Behalf-Of", _endUser);
    }

    private async Task<Answer> AskAsync(int at, HttpRequestMessage message)
    {
        using (message)
        {
            using var answer = await gateways[at % gateways.Count].SendAsync(message, Patience.Within(Patience.Long));
            return new Answer(answer.StatusCode, null, await answer.Content.ReadAsStringAsync(Patience.Within(Patience.Long)));
        }
    }

    private async Task<OpenedStream> OpenAsync(int at, HttpRequestMessage message)
    {
        using (message) return await OpenedStream.OfAsync(await gateways[at % gateways.Count].SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Patience.Within(Patience.Long)));
    }
}
