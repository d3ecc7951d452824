using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Canary;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>Both sides of every canary and shadow, as this replica has seen them.</summary>
/// <param name="Since">Unix seconds from which on it has counted; a pool put on trial later counts from then.</param>
/// <param name="Canaries">Variants of which a share goes elsewhere.</param>
/// <param name="Shadows">Variants of which a share is sent elsewhere too.</param>
internal sealed record CanaryReport(long Since, IReadOnlyList<CanaryReport.Canary> Canaries, IReadOnlyList<CanaryReport.Shadow> Shadows)
{
    public static CanaryReport Of(ModelCatalog catalog, TrialBoard board) => new(
        board.Since,
        [.. catalog.Variants.Where(variant => variant.Canary is not null).Select(variant => Canary.Of(variant, variant.Canary!, board.Of(variant.Canary!)))],
        [.. catalog.Variants.Where(variant => variant.Shadow is not null).Select(variant => Shadow.Of(variant, variant.Shadow!, board.Of(variant.Shadow!)))]);

    /// <summary>A variant with a canary.</summary>
    /// <param name="Model">The variant.</param>
    /// <param name="Percent">The share that the configuration names.</param>
    /// <param name="By">What stays together.</param>
    /// <param name="Fallbacks">Requests of the share that its own pool served, because the other could not be reached; counted there.</param>
    /// <param name="Main">Its own pool.</param>
    /// <param name="Trial">The pool on trial.</param>
    internal sealed record Canary(string Model, double Percent, string By, long Fallbacks, SideReport Main, SideReport Trial)
    {
        public static Canary Of(ModelVariant own, CanaryRule rule, CanaryStats stats) => new(
            own.Model,
            rule.Percent,
            rule.By == CanaryKey.Caller ? "caller" : "conversation",
            stats.Fallbacks,
            SideReport.Of(own.Pool, own.UpstreamModel, stats.Main),
            SideReport.Of(rule.Variant.Pool, rule.Variant.UpstreamModel, stats.Canary));
    }

    /// <summary>A variant with a shadow.</summary>
    /// <param name="Model">The variant.</param>
    /// <param name="Percent">The share that the configuration names.</param>
    /// <param name="Dropped">Requests of the share that were not mirrored, for want of room.</param>
    /// <param name="Compared">Pairs of answers compared.</param>
    /// <param name="StatusDiffers">Pairs that ended differently; a shadow that gives no answer is such an end.</param>
    /// <param name="TextDiffers">Compared pairs whose texts are not the same.</param>
    /// <param name="ToolCallsDiffer">Compared pairs that call other functions, or with other arguments.</param>
    /// <param name="LengthRatio">The shadow's text over the variant's own, in characters.</param>
    /// <param name="Main">The mirrored requests at the variant's own pool.</param>
    /// <param name="Mirror">The same requests at the shadow, from mirroring them to the end of the answer, which is asked for whole.</param>
    internal sealed record Shadow(
        string Model, double Percent, long Dropped, long Compared, long StatusDiffers, long TextDiffers, long ToolCallsDiffer, SideReport.Quantiles? LengthRatio, SideReport Main, SideReport Mirror)
    {
        public static Shadow Of(ModelVariant own, ShadowRule rule, ShadowStats stats) => new(
            own.Model,
            rule.Percent,
            stats.Dropped,
            stats.Compared,
            stats.StatusDiffers,
            stats.TextDiffers,
            stats.ToolCallsDiffer,
            SideReport.Quantiles.Of(stats.LengthRatio),
            SideReport.Of(own.Pool, own.UpstreamModel, stats.Main),
            SideReport.Of(rule.Variant.Pool, rule.Variant.UpstreamModel, stats.Shadow));
    }
}
