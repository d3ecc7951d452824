using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Canary;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>One side of a comparison. Times are in seconds from taking the request in; quantiles are told within 2.5%.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="UpstreamModel">The name its servers know the model by.</param>
/// <param name="Requests">Requests that have ended.</param>
/// <param name="Errors">Those that its model servers failed.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens generated.</param>
/// <param name="TimeToFirstByte">To the model server's first byte; null when none was measured.</param>
/// <param name="Duration">To the end of its answer.</param>
internal sealed record SideReport(
    string Pool, string UpstreamModel, long Requests, long Errors, long InputTokens, long OutputTokens, SideReport.Quantiles? TimeToFirstByte, SideReport.Quantiles? Duration)
{
    public static SideReport Of(string pool, string upstreamModel, ArmStats stats) => new(
        pool, upstreamModel, stats.Requests, stats.Errors, stats.InputTokens, stats.OutputTokens, Quantiles.Of(stats.FirstByte), Quantiles.Of(stats.Duration));

    /// <summary>What half, 90, 95 and 99 of a hundred stay below.</summary>
    internal sealed record Quantiles(double P50, double P90, double P95, double P99)
    {
        public static Quantiles? Of(QuantileSketch sketch) => sketch.Count == 0 ? null : new Quantiles(At(sketch, 0.5), At(sketch, 0.9), At(sketch, 0.95), At(sketch, 0.99));

        private static double At(QuantileSketch sketch, double quantile) => Math.Round(sketch.Quantile(quantile) ?? 0, 6);
    }
}
