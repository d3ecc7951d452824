using Microsoft.Extensions.Options;
using Mka1.Edge.ModelServer.Hosting;
using Mka1.Edge.ModelServer.Metrics;
using Mka1.Edge.ModelServer.Tracing;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>What every answer needs of the process.</summary>
internal sealed class AnswerServices(
    ServedModel served, ModelServerMetrics metrics, AnswerTracing tracing, StopSignal stop, IOptions<ModelServerOptions> options, TimeProvider clock, ILogger<AnswerRun> logger)
{
    public ServedModel Served => served;

    public ModelServerMetrics Metrics => metrics;

    public AnswerTracing Tracing => tracing;

    public StopSignal Stop => stop;

    public TimeSpan KeepAlive => options.Value.KeepAlive;

    public TimeSpan WriteStall => options.Value.WriteStall;

    public TimeProvider Clock => clock;

    public ILogger Logger => logger;

    /// <summary>Unix seconds.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();
}
