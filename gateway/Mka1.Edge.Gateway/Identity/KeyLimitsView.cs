using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>A key's limits, as the configuration writes them.</summary>
internal sealed record KeyLimitsView(
    IReadOnlyList<WindowLimitConfig> Requests, IReadOnlyList<WindowLimitConfig> Tokens, IReadOnlyList<CostLimitConfig> Cost, int? Concurrency);
