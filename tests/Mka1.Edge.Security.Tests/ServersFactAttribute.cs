namespace Mka1.Edge.Security.Tests;

/// <summary>A test against real Redis and Postgres: left out, and said so, where none are at hand (tests/with-servers.sh starts both).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("MKA1_TEST_REDIS") is null || Environment.GetEnvironmentVariable("MKA1_TEST_POSTGRES") is null)
            Skip = "MKA1_TEST_REDIS and MKA1_TEST_POSTGRES are not set.";
    }
}
