using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Prompting;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>One answer, from its first token to its end: tokens are read, made into items and events, and sent one by one.</summary>
internal sealed class AnswerRun : IDisposable
{
    private readonly AnswerPlan _plan;
    private readonly IAnswerOutput _output;
    private readonly AnswerServices _services;
    private readonly ResponseStreamWriter _writer;
    private readonly AnswerEmitter _emitter;
    private readonly GenerationReader _reader;
    private readonly AnswerTimes _times;
    private long _outputTokens;

    public AnswerRun(AnswerPlan plan, IAnswerOutput output, AnswerServices services)
    {
        _plan = plan;
        _output = output;
        _services = services;
        _times = new(services.Clock);
        // Nothing is kept here, whatever was asked for: the response says so.
        _writer = new(output.Events, ResponseEcho.Skeleton(plan.Request with { Store = false }, ResponseIds.New(ResponseIds.Response), services.Now));
        _emitter = new(_writer, plan.Request.Reasoning?.Summary is { } summary ? new ThoughtSummary(summary) : null);
        var model = services.Served.Model;
        var logprobs = plan.Generation.Logprobs ? new LogprobFormat(model.Tokenizer.NameOf) : null;
        _reader = new(model.ChatTemplate.Tokens, logprobs, _emitter, model.Tokenizer.DropsLeadingSpace, plan.StartsThinking);
    }

    /// <summary>The response as it stands.</summary>
    public ResponseObject Response => _writer.Response;

    /// <summary>Runs to the end.</summary>
    /// <param name="tokens">The generation; this method reads it to its end or stops it.</param>
    /// <param name="callerLeft">Set when the caller hangs up.</param>
    /// <param name="stopped">Set then, and also when the server stops.</param>
    public async Task<AnswerOutcome> RunAsync(GenerationStream tokens, CancellationToken callerLeft, CancellationToken stopped)
    {
        var outcome = await OutcomeAsync(tokens, callerLeft, stopped);
        var elapsed = _times.Elapsed;
        var error = outcome switch
        {
            AnswerOutcome.Failed failed => failed.Error.Shape.Code,
            AnswerOutcome.Abandoned => "abandoned",
            _ => null,
        };
        _services.Metrics.Answered(elapsed, _times.Decoding, _plan.InputTokens, _outputTokens, error);
        if (_services.Tracing.IsOn)
            _services.Tracing.Answered(_services.Served.Name, Response, Usage(tokens), error);
        if (outcome is AnswerOutcome.Abandoned)
            _services.Logger.Abandoned(Response.Id, _outputTokens);
        else
            _services.Logger.Answered(Response.Id, Response.Status, _plan.InputTokens, _outputTokens, elapsed);
        return outcome;
    }

    public void Dispose() => _writer.Dispose();

    private async Task<AnswerOutcome> OutcomeAsync(GenerationStream tokens, CancellationToken callerLeft, CancellationToken stopped)
    {
        try
        {
            // Before the prompt is read: the caller knows at once that it is being served.
            _writer.Start();
            await _output.FlushAsync(callerLeft);
            await ReadAsync(tokens, callerLeft);
            return new AnswerOutcome.Finished();
        }
        catch (OperationCanceledException) when (callerLeft.IsCancellationRequested || !stopped.IsCancellationRequested)
        {
            return new AnswerOutcome.Abandoned();
        }
        catch (OperationCanceledException)
        {
            return await FailAsync(tokens, new(ErrorCode.Overloaded, "The server is stopping. Send the request again."), callerLeft);
        }
        catch (Exception e)
        {
            _services.Logger.AnswerFailed(e, Response.Id, _outputTokens);
            return await FailAsync(tokens, new(ErrorCode.ServerError, "The model failed to answer. Send the request again."), callerLeft);
        }
        finally
        {
            await tokens.DisposeAsync();
        }
    }

    private async Task ReadAsync(GenerationStream tokens, CancellationToken callerLeft)
    {
        // Not disposed here: the stream is, which ends the enumeration wherever it stands.
        var enumerator = tokens.GetAsyncEnumerator(CancellationToken.None);
        while (await NextAsync(enumerator, callerLeft))
        {
            var token = enumerator.Current;
            if (_outputTokens++ == 0)
            {
                _services.Metrics.FirstToken(_times.Elapsed);
                _services.Tracing.FirstToken();
            }

            _times.Token();
            _reader.Accept(token);
            if (token.Finish == FinishReason.Stop)
                _emitter.Complete(Usage(tokens), _services.Now);
            else if (token.Finish == FinishReason.Length)
                _emitter.CutOff(Usage(tokens), _services.Now);
            await _output.FlushAsync(callerLeft);
        }
    }

    /// <summary>Waits for the next token, and speaks up when that takes long.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<GeneratedToken> tokens, CancellationToken callerLeft)
    {
        var next = tokens.MoveNextAsync();
        if (next.IsCompleted)
            return await next;
        var pending = next.AsTask();
        while (true)
        {
            try
            {
                return await pending.WaitAsync(_services.KeepAlive, _services.Clock, CancellationToken.None);
            }
            catch (TimeoutException) when (!pending.IsCompleted)
            {
                await _output.KeepAliveAsync(callerLeft);
            }
        }
    }

    private async Task<AnswerOutcome> FailAsync(GenerationStream tokens, ApiError error, CancellationToken callerLeft)
    {
        try
        {
            _writer.Fail(ResponseError.From(error), Usage(tokens), _services.Now);
            await _output.FlushAsync(callerLeft);
        }
        catch (OperationCanceledException)
        {
            return new AnswerOutcome.Abandoned();
        }

        return new AnswerOutcome.Failed(error);
    }

    private Usage Usage(GenerationStream tokens) => Responses.Usage.Of(_plan.InputTokens, _outputTokens, tokens.CachedTokens, _reader.ThoughtTokens);
}
