using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Pools;

/// <summary>Puts another configuration into use, as a reload does.</summary>
internal static class NextConfiguration
{
    public static async Task ApplyAsync(GatewayFixture gateway, Func<EdgeConfig, EdgeConfig> change)
    {
        var configuration = gateway.App.Services.GetRequiredService<EdgeConfiguration>();
        var next = EdgeSnapshot.Build(change(configuration.Current.Config));
        await gateway.App.Services.GetRequiredService<PoolDirectory>().ApplyAsync(next, CancellationToken.None).Soon();
        configuration.Publish(next);
    }
}
