using Mka1.Edge.Functional.Tests.Support;

namespace Mka1.Edge.Functional.Tests.Wire;

/// <summary>Each variant answers under its own name, and the family under its names.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class VariantTests(LocalRunFixture local)
{
    public static TheoryData<string, string> Names => new()
    {
        { "mka1-mini-dense", "mka1-mini-dense" },
        { "mka1-mini-moe", "mka1-mini-moe" },
        { "mka1-mini-quantized", "mka1-mini-quantized" },
        { "mka1-mini", "mka1-mini-dense" },
        { LocalRunFixture.Model, "mka1-mini-dense" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_capital_of_France_is_Paris(string model, string server)
    {
        using var client = local.Client;
        var before = await local.Server(server).LookAsync();
        var answer = await client.CreateAsync($$"""{"model":"{{model}}","input":"What is the capital of France?","temperature":0}""");
        var after = await local.Server(server).LookAsync();

        Assert.Contains("Paris", answer.GetProperty("output_text").GetString(), StringComparison.Ordinal);
        Assert.Equal(model, answer.GetProperty("model").GetString());
        Assert.True(after.TokensDecoded > before.TokensDecoded, $"{server} decoded nothing.");
    }

    [Fact]
    public async Task Auto_routing_picks_a_variant_and_says_which()
    {
        using var client = local.Client;
        var answer = await client.CreateAsync(
            """{"model":"mka1-mini","input":"Summarize this in one sentence: Ali went to Lahore on Monday.","max_output_tokens":64,"temperature":0,"auto_routing":true,"auto_routing_debug":true}""");

        var metadata = answer.GetProperty("metadata");
        Assert.Equal("mka1-mini-quantized", metadata.GetProperty("routed_model").GetString());
        Assert.Contains("\"desired_tier\":\"quantized\"", metadata.GetProperty("auto_routing_debug").GetString(), StringComparison.Ordinal);
        Assert.Equal("mka1-mini", answer.GetProperty("model").GetString());
    }
}
