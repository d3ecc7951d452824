using Mka1.Edge.Gateway;

namespace Mka1.Edge.Local;

/// <summary>What a newcomer needs on the screen: keys, and a line to paste.</summary>
internal static class Banner
{
    public static void Print(TextWriter output, LocalRun run)
    {
        output.WriteLine();
        output.WriteLine($"Mka1.Edge is ready on {run.Address}");
        foreach (var other in run.Gateways.Skip(1)) output.WriteLine($"  and on               {other.Urls.First()}");
        for (var i = 0; i < LocalVariant.All.Count; i++)
            output.WriteLine($"  {LocalVariant.All[i].Model,-20} {run.ModelServerAddresses[i]}");
        output.WriteLine(run.Servers is { } servers
            ? $"State is kept in Postgres on {servers.Postgres.Address} and Redis on {servers.Redis.Address}, started for this run; both are lost at exit."
            : "State is kept in memory and is lost at exit.");

        foreach (var tenant in run.Tenants)
        {
            output.WriteLine();
            output.WriteLine($"API key of tenant {tenant.Name}:");
            output.WriteLine(tenant.Key);
        }

        output.WriteLine();
        output.WriteLine($"Operators' key: {run.AdminKey.Text}");
        foreach (var gateway in run.Gateways) output.WriteLine($"  curl {EdgeHost.AdminAddress(gateway)}/admin/v1/config/status -H 'Authorization: Bearer {run.AdminKey.Text}'");
        output.WriteLine($"{run.ConfigPath} can be changed while this runs.");

        output.WriteLine();
        output.WriteLine("Try it:");
        output.WriteLine(
            $"curl {run.Address}/api/v1/llm/responses -H 'Content-Type: application/json' -H 'Authorization: Bearer {run.Tenants[0].Key}' "
            + """-d '{"model":"mka1-mini","input":"What is the capital of France?","temperature":0}'""");
        output.WriteLine("""Add "stream":true to the body to watch the answer come. Ctrl+C stops everything.""");
        output.WriteLine();
    }
}
