using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Ingress;

/// <summary>
/// Stage 4, the second half of Ingress: one pass over the body, parse and validate. It comes after Identity and the request
/// quota so that nobody without a key, or over its limit, can make the gateway parse anything.
/// </summary>
internal static class IntakeStage
{
    public static async ValueTask<ApiError?> RunAsync(ResponseRun run, HttpContext http, CancellationToken cancellation)
    {
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var began = clock.GetTimestamp();
        var body = await RequestBody.ReadAsync(http.Request, run.Snapshot.Config.Limits.MaxRequestBytes, cancellation);
        run.Waits.Add(clock.GetElapsedTime(began));
        if (body.Error is not null) return body.Error;

        switch (RequestParser.ParseCreate(body.Bytes, RequestLimits.Default, run.Snapshot.Defaults))
        {
            case ParseResult<CreateResponseRequest>.Refused refused:
                return refused.Error;
            case ParseResult<CreateResponseRequest>.Parsed parsed:
                run.Request = parsed.Request;
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
