using System.Globalization;
using Mka1.Edge.Inference.Engine;
using Mka1.Edge.ModelServer.Hosting;

namespace Mka1.Edge.ModelServer.Http;

/// <summary>
/// Says in every answer's headers how much the server has to do, so that whoever chooses between servers can: a load report of Open
/// Request Cost Aggregation (ORCA, https://github.com/envoyproxy/envoy/issues/6614) with the names of vLLM's metrics; as text, or as
/// JSON for a caller that asks for that with <c>endpoint-load-metrics-format: JSON</c>.
/// </summary>
internal sealed class LoadReportMiddleware(RequestDelegate next, ServedModel served)
{
    private const string Header = "endpoint-load-metrics";
    private const string FormatHeader = "endpoint-load-metrics-format";

    public Task InvokeAsync(HttpContext context)
    {
        // When the answer begins, not when the request comes: what is reported is as fresh as can be.
        context.Response.OnStarting(static state => ((Report)state).Write(), new Report(context, served));
        return next(context);
    }

    private sealed record Report(HttpContext Context, ServedModel Served)
    {
        public Task Write()
        {
            Context.Response.Headers[Header] = Text(Served.Engine.Load, Context.Request.Headers[FormatHeader] == "JSON");
            return Task.CompletedTask;
        }

        private static string Text(EngineLoad load, bool json)
        {
            var cache = load.PagesTotal == 0 ? 0 : (double)load.PagesUsed / load.PagesTotal;
            return json
                ? string.Create(CultureInfo.InvariantCulture, $$$"""JSON {"named_metrics":{"num_requests_waiting":{{{load.Queued}}},"num_requests_running":{{{load.Active}}},"kv_cache_usage_perc":{{{cache:0.####}}}}}""")
                : string.Create(CultureInfo.InvariantCulture, $"TEXT named_metrics.num_requests_waiting={load.Queued}, named_metrics.num_requests_running={load.Active}, named_metrics.kv_cache_usage_perc={cache:0.####}");
        }
    }
}
