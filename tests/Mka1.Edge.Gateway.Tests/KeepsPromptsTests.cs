using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a prompt's versions are there to go back to, and nobody else's are to be seen.</summary>
public sealed class KeepsPromptsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private readonly ApiClient _api = new(gateway, TestKeys.Acme, "u" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_prompt_begins_with_its_first_version()
    {
        var prompt = await _api.CallAsync("POST", "/prompts", """{"name":"greet\u0000é","template":"Hello {{ name }}, {{city}} and {{name}} {{ not this}"}""");
        var id = ApiClient.Id(prompt);
        Assert.Matches("^prompt_[0-9a-f]{32}$", id);
        Assert.Equal(["id", "object", "name", "version", "created_at", "updated_at"], prompt.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("prompt", "greet\0é", 1), (Text(prompt, "object"), Text(prompt, "name"), prompt.GetProperty("version").GetInt32()));
        Assert.Equal(prompt.GetRawText(), (await _api.CallAsync("GET", $"/prompts/{id}")).GetRawText());

        var version = await _api.CallAsync("GET", $"/prompts/{id}/versions/1");
        Assert.Equal(["id", "object", "prompt_id", "version", "template", "variables", "created_at"], version.EnumerateObject().Select(member => member.Name));
        Assert.Matches("^pver_[0-9a-f]{32}$", ApiClient.Id(version));
        Assert.Equal(("prompt.version", id), (Text(version, "object"), Text(version, "prompt_id")));
        Assert.Equal("Hello {{ name }}, {{city}} and {{name}} {{ not this}", Text(version, "template"));
        Assert.Equal(["name", "city"], version.GetProperty("variables").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task A_new_version_is_in_use_until_the_prompt_is_rolled_back()
    {
        var id = await CreateAsync();
        var second = await _api.CallAsync("POST", $"/prompts/{id}/versions", """{"template":"two"}""");
        Assert.Equal(2, second.GetProperty("version").GetInt32());
        Assert.Equal(2, (await _api.CallAsync("GET", $"/prompts/{id}")).GetProperty("version").GetInt32());
        Assert.Equal(1, (await _api.CallAsync("POST", $"/prompts/{id}/rollback", """{"version":1}""")).GetProperty("version").GetInt32());
        Assert.Equal(3, (await _api.CallAsync("POST", $"/prompts/{id}/versions", """{"template":"three"}""")).GetProperty("version").GetInt32());
        await _api.RefusedAsync("POST", $"/prompts/{id}/rollback", 404, """{"version":4}""", "not_found");
        var all = await _api.WalkAsync($"/prompts/{id}/versions?order=asc", 2);
        Assert.Equal((3, ApiClient.Id(second)), (all.Count, all[1]));
        Assert.Equal(Enumerable.Reverse(all), await _api.WalkAsync($"/prompts/{id}/versions", 1));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task A_prompt_is_renamed_and_its_version_chosen(string method)
    {
        var id = await CreateAsync();
        await _api.CallAsync("POST", $"/prompts/{id}/versions", """{"template":"two"}""");
        var renamed = await _api.CallAsync(method, $"/prompts/{id}", """{"name":"new","version":null}""");
        Assert.Equal(("new", 2), (Text(renamed, "name"), renamed.GetProperty("version").GetInt32()));
        var both = await _api.CallAsync(method, $"/prompts/{id}", """{"name":"newer","version":1}""");
        Assert.Equal(("newer", 1), (Text(both, "name"), both.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Prompts_are_listed_newest_first()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await CreateAsync());
        Assert.Equal(Enumerable.Reverse(ids), await _api.WalkAsync("/prompts", 2));
        Assert.Equal(ids, await _api.WalkAsync("/prompts?order=asc", 3));
        await _api.RefusedAsync("GET", "/prompts?after=x", 400, param: "after");
        await _api.RefusedAsync("GET", $"/prompts/{ids[0]}/versions?before=x", 400, param: "before");
        await _api.RefusedAsync("GET", "/prompts?limit=101", 400, param: "limit");
    }

    [Theory]
    [InlineData("", "{}", "name")]
    [InlineData("", """{"name":"","template":"x"}""", "name")]
    [InlineData("", """{"name":"x"}""", "template")]
    [InlineData("", """{"name":"x","template":""}""", "template")]
    [InlineData("", """{"name":"x","Template":"x"}""", "Template")]
    [InlineData("/{id}", "{}", null)]
    [InlineData("/{id}", """{"version":0}""", "version")]
    [InlineData("/{id}/versions", """{"template":7}""", "template")]
    [InlineData("/{id}/rollback", "{}", "version")]
    [InlineData("/{id}/rollback", """{"version":"1"}""", "version")]
    public async Task A_body_that_is_not_what_it_should_be_is_refused(string path, string body, string? param)
    {
        var id = await CreateAsync();
        await _api.RefusedAsync("POST", "/prompts" + path.Replace("{id}", id, StringComparison.Ordinal), 400, body, param: param);
    }

    [Fact]
    public async Task Names_and_templates_have_their_lengths_in_characters()
    {
        string Body(int name, int template) => $$"""{"name":"{{new string('é', name)}}","template":"{{string.Concat(Enumerable.Repeat("😀", template))}}"}""";
        await _api.CallAsync("POST", "/prompts", Body(255, 100_000));
        await _api.RefusedAsync("POST", "/prompts", 400, Body(256, 1), param: "name");
        await _api.RefusedAsync("POST", "/prompts", 400, Body(1, 100_001), param: "template");
    }

    [Fact]
    public async Task Other_tenants_and_end_users_get_the_bytes_that_an_unknown_id_gets()
    {
        var id = await CreateAsync();
        var unknown = "prompt_" + new string('0', 32);
        foreach (var stranger in new ApiClient[] { new(gateway, TestKeys.Globex), new(gateway, TestKeys.Acme), new(gateway, TestKeys.Acme, "somebody-else") })
        {
            foreach (var ((method, path, body), (_, nowhere, _)) in Routes(id).Zip(Routes(unknown)))
            {
                var foreign = await stranger.RefusedAsync(method, path, 404, body, "not_found");
                Assert.Equal(foreign, await stranger.RefusedAsync(method, nowhere, 404, body));
                Assert.DoesNotContain(id, foreign, StringComparison.Ordinal);
            }

            Assert.DoesNotContain(id, await stranger.WalkAsync("/prompts", 50));
            Assert.Equal(
                await stranger.RefusedAsync("GET", $"/prompts?after={unknown}", 400), await stranger.RefusedAsync("GET", $"/prompts?after={id}", 400));
        }

        Assert.Single(await _api.WalkAsync($"/prompts/{id}/versions", 10));
        var deleted = await _api.CallAsync("DELETE", $"/prompts/{id}");
        Assert.Equal($$"""{"id":"{{id}}","object":"prompt.deleted","deleted":true}""", deleted.GetRawText());
        foreach (var (method, path, body) in Routes(id)) await _api.RefusedAsync(method, path, 404, body);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("latest")]
    [InlineData("99999999999")]
    public async Task A_version_that_is_not_there_is_not_found(string version) =>
        await _api.RefusedAsync("GET", $"/prompts/{await CreateAsync()}/versions/{version}", 404, code: "not_found");

    private static IEnumerable<(string Method, string Path, string? Body)> Routes(string id) =>
    [
        ("GET", $"/prompts/{id}", null),
        ("POST", $"/prompts/{id}", """{"name":"mine"}"""),
        ("PATCH", $"/prompts/{id}", """{"name":"mine"}"""),
        ("POST", $"/prompts/{id}/versions", """{"template":"mine"}"""),
        ("GET", $"/prompts/{id}/versions", null),
        ("GET", $"/prompts/{id}/versions/1", null),
        ("POST", $"/prompts/{id}/rollback", """{"version":1}"""),
        ("DELETE", $"/prompts/{id}", null),
    ];

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    private async Task<string> CreateAsync() => ApiClient.Id(await _api.CallAsync("POST", "/prompts", """{"name":"n","template":"one"}"""));
}
