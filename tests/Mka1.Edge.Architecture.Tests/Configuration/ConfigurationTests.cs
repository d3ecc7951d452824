using System.Text.Json.Nodes;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Architecture.Tests.Configuration;

/// <summary>
/// What is written about the configuration is what the gateway reads. Run these with <c>UPDATE=1</c> in the environment to
/// write the schema and the table of settings anew.
/// </summary>
public sealed class ConfigurationTests
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("UPDATE") == "1";

    private static readonly JsonObject Schema = EdgeSchema.Create();

    private static readonly XmlDocumentation Documentation = new(typeof(EdgeConfig).Assembly);

    [Fact]
    public void The_schema_is_the_one_made_from_the_types() => Same(EdgeSchema.Path, EdgeSchema.ToText(Schema));

    [Fact]
    public void The_table_of_settings_is_the_one_made_from_the_types() => Same(SettingsTable.Path, SettingsTable.Apply(Repository.Read(SettingsTable.Path), Schema));

    [Fact]
    public void Every_setting_says_what_it_is_for()
    {
        Assert.NotNull(Schema["properties"]?["pools"]?["additionalProperties"]?["properties"]?["path"]?["description"]);
        Assert.Equal(1, (int?)Schema["properties"]?["compatibility"]?["properties"]?["maxToolCalls"]?["minimum"]);
        Assert.Equal(30, (int?)Schema["properties"]?["compatibility"]?["properties"]?["maxToolCalls"]?["default"]);
    }

    [Fact]
    public void Settings_that_need_a_restart_say_so_and_no_others_do()
    {
        var settings = typeof(EdgeConfig).GetProperties()
            .SelectMany(section => new[] { section }.Concat(section.PropertyType.Namespace == typeof(EdgeConfig).Namespace ? section.PropertyType.GetProperties() : []))
            .ToList();
        Assert.Contains(settings, setting => setting.IsDefined(typeof(RestartAttribute), false));
        Rule.Holds(settings
            .Where(setting => setting.IsDefined(typeof(RestartAttribute), false) != Documentation.Of(setting).EndsWith("ead at the start only.", StringComparison.Ordinal))
            .Select(setting => $"{setting.DeclaringType!.Name}.{setting.Name}: {Documentation.Of(setting)}"));
    }

    [Fact]
    public void The_readme_leads_to_the_table_of_settings() => Assert.Contains(SettingsTable.Path, Repository.Read("config/README.md"), StringComparison.Ordinal);

    [Fact]
    public void What_a_configuration_leaves_out_has_its_default()
    {
        var read = EdgeConfigFile.Parse("""{ "pools": { "p": {} }, "tenants": { "t": { "keys": { "k": {} } } } }""");
        Assert.Equal(new PoolConfig().Path, read.Pools["p"].Path);
        Assert.Equal(new PoolConfig().IdleTimeoutSeconds, read.Pools["p"].IdleTimeoutSeconds);
        Assert.Equal(new LimitsConfig(), read.Limits);
        Assert.Equal(new CompatibilityConfig(), read.Compatibility);
        Assert.Empty(read.Tenants["t"].Keys["k"].Requests);
    }

    [Theory]
    [InlineData("""{ "limits": null }""")]
    [InlineData("""{ "pools": { "p": { "destinations": null } } }""")]
    [InlineData("""{ "pool": {} }""")]
    [InlineData("""{ "limits": {}, "limits": {} }""")]
    [InlineData("""{ "limits": { "maxRequestBytes": "1024" } }""")]
    [InlineData("""{ "tenants": { "t": { "keys": { "k": { "onBehalfOf": 1 } } } } }""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_configuration_of_another_shape_is_refused(string json) => Assert.Throws<EdgeConfigException>(() => EdgeConfigFile.Parse(json));

    [Fact]
    public void The_demo_configuration_has_no_fault_once_its_variables_are_set()
    {
        var text = Repository.Read("config/edge.json")
            .Replace("${MKA1_ACME_KEY_HASH}", "sha256:" + new string('a', 64), StringComparison.Ordinal)
            .Replace("${MKA1_GLOBEX_KEY_HASH}", "sha256:" + new string('b', 64), StringComparison.Ordinal);
        foreach (var variant in new[] { "QUANTIZED", "MOE", "DENSE" }) text = text.Replace($"${{MKA1_{variant}_URL}}", "http://127.0.0.1:1", StringComparison.Ordinal);
        Assert.Empty(EdgeConfigValidator.Validate(EdgeConfigFile.Parse(text)));
    }

    private static void Same(string path, string expected)
    {
        if (Update) File.WriteAllText(Repository.Absolute(path), expected);
        Assert.Equal(expected, Repository.Read(path));
    }
}
