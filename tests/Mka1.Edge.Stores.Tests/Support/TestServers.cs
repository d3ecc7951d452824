namespace Mka1.Edge.Stores.Tests.Support;

/// <summary>Where the real servers are. tests/run.sh starts them; tests/with-servers.sh does so for a single command.</summary>
internal static class TestServers
{
    /// <summary>Connection string of a Postgres superuser.</summary>
    public static string Postgres => Required("MKA1_TEST_POSTGRES");

    /// <summary>Host and port of a Redis.</summary>
    public static string Redis => Required("MKA1_TEST_REDIS");

    private static string Required(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set. Run: tests/with-servers.sh dotnet test tests/Mka1.Edge.Stores.Tests");
}
