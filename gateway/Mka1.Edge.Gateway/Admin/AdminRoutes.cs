namespace Mka1.Edge.Gateway.Admin;

/// <summary>What the operators' listener serves: a line a group.</summary>
internal static class AdminRoutes
{
    /// <param name="app">The listener.</param>
    /// <param name="gateway">The gateway's services.</param>
    public static void Map(WebApplication app, IServiceProvider gateway)
    {
        MetricsEndpoints.Map(app, gateway);
        var admin = app.MapGroup("/admin/v1");
        ConfigStatusEndpoints.Map(admin, gateway);
        TrialEndpoints.Map(admin, gateway);
        ExplainEndpoints.Map(admin, gateway);
        PoolEndpoints.Map(admin, gateway);
    }
}
