using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Puts another pool on trial beside the default variant's own, and reads what operators are told of it.</summary>
internal static class TrialConfig
{
    /// <summary>The standard configuration with a canary or a shadow of the default variant, and an operators' listener.</summary>
    public static EdgeConfig With(EdgeConfig config, CanaryConfig? canary = null, ShadowConfig? shadow = null)
    {
        var family = config.Families[GatewayFixture.Family];
        var variants = family.Variants.ToDictionary();
        variants["dense"] = variants["dense"] with { Canary = canary, Shadow = shadow };
        return config with
        {
            Admin = Operator.Config,
            Families = new Dictionary<string, FamilyConfig> { [GatewayFixture.Family] = family with { Variants = variants } },
        };
    }

    /// <summary>What the operators' listener answers.</summary>
    public static async Task<JsonElement> ReadAsync(GatewayFixture gateway, string path)
    {
        using var client = Operator.Client(gateway);
        return JsonDocument.Parse(await client.GetStringAsync(path)).RootElement;
    }

    /// <summary>The one canary or shadow, once it looks as wanted.</summary>
    public static async Task<JsonElement> UntilAsync(GatewayFixture gateway, string kind, Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var report = Assert.Single((await ReadAsync(gateway, "/admin/v1/canaries")).GetProperty(kind).EnumerateArray());
            if (wanted(report)) return report;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>A member of a member.</summary>
    public static long Number(this JsonElement report, string side, string member) => report.GetProperty(side).GetProperty(member).GetInt64();
}
