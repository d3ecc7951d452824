using Mka1.Edge.Gateway.Commands;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a tenant's administrators, and nobody else, see and change where its subjects stand, under whatever name a subject has.</summary>
public sealed class AdministersSafetyTests
{
    private static readonly (string Method, string Path, string? Body)[] Routes =
    [
        ("GET", "/safety/u1", null),
        ("POST", "/safety/u1/override", """{"rung":"block","reason":"x"}"""),
        ("DELETE", "/safety/u1/override", null),
        ("GET", "/safety/audit", null),
    ];

    [Fact]
    public async Task Without_admin_rights_or_for_an_end_user_everything_is_refused()
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Plain);
        foreach (var (method, path, body) in Routes)
        {
            await new ApiClient(bench.Gateway, TestKeys.UserForbidden).RefusedAsync(method, path, 403, body, "permission_denied");
            await new ApiClient(bench.Gateway, TestKeys.Acme, "alice").RefusedAsync(method, path, 403, body, "permission_denied");
        }

        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a/b c?d#e%2Ff&g=h")]
    [InlineData("%")]
    [InlineData("../audit")]
    [InlineData("è‎ه\"\\😀")]
    [InlineData("safety/override")]
    [InlineData("subj_not-an-id")]
    public async Task A_subject_is_found_under_its_identifier_and_under_its_id(string identifier)
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Plain, identifier);
        var subject = await bench.Acme.CallAsync("GET", "/safety/" + Uri.EscapeDataString(identifier));
        Assert.Equal(1, subject.GetProperty("requests").GetInt32());
        Assert.Equal(ApiClient.Id(subject), ApiClient.Id(await bench.Acme.CallAsync("GET", "/safety/" + ApiClient.Id(subject))));
        await bench.Acme.CallAsync("POST", $"/safety/{Uri.EscapeDataString(identifier)}/override", """{"rung":"block","reason":"x"}""");
        Assert.Equal((403, null), await bench.SendAsync(SafetyBench.Plain, identifier));
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain, identifier + "x"));
    }

    [Theory]
    [InlineData("", "missing_required_parameter", null)]
    [InlineData("{}", "missing_required_parameter", "rung")]
    [InlineData("""{"rung":"block"}""", "missing_required_parameter", "reason")]
    [InlineData("""{"rung":"Block","reason":"x"}""", "invalid_value", "rung")]
    [InlineData("""{"rung":3,"reason":"x"}""", "invalid_type", "rung")]
    [InlineData("""{"rung":"block","reason":""}""", "invalid_value", "reason")]
    [InlineData("""{"rung":"block","reason":"a\u0000b"}""", "invalid_value", "reason")]
    [InlineData("""{"rung":"block","reason":"x","until":1}""", "invalid_value", "until")]
    [InlineData("""{"rung":"block","reason":"x","until":"tomorrow"}""", "invalid_type", "until")]
    [InlineData("""{"rung":"block","reason":"x","until":999999999999999}""", "invalid_value", "until")]
    public async Task A_body_that_says_nothing_clear_changes_nothing(string body, string code, string? param)
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Plain);
        await bench.Acme.RefusedAsync("POST", "/safety/u1/override", 400, body, body.Length == 0 ? null : code, param);
        Assert.Equal((200, null), await bench.SendAsync(SafetyBench.Plain));
        Assert.Empty(await bench.AuditAsync());
    }

    [Fact]
    public async Task Who_was_never_seen_is_not_found()
    {
        await using var bench = await SafetyBench.StartAsync();
        foreach (var (method, path, body) in Routes.Take(3)) await bench.Acme.RefusedAsync(method, path, 404, body, "not_found");
    }

    [Fact]
    public async Task The_audit_is_walked_page_by_page()
    {
        await using var bench = await SafetyBench.StartAsync();
        await bench.SendAsync(SafetyBench.Plain);
        for (var i = 0; i < 7; i++) await bench.Acme.CallAsync("POST", "/safety/u1/override", """{"rung":"warn","reason":"x"}""");
        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], await bench.Acme.WalkAsync("/safety/audit", 3));
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], await bench.Acme.WalkAsync("/safety/audit?order=asc", 2));
        await bench.Acme.RefusedAsync("GET", "/safety/audit?after=99", 400, code: "invalid_value", param: "after");
        var entry = (await bench.Acme.CallAsync("GET", "/safety/audit?order=asc&limit=2")).GetProperty("data")[1];
        Assert.Equal(
            ["id", "object", "at", "actor", "kind", "subject", "from", "to", "score", "reason", "prev_hash", "hash"], entry.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("key:main", "override"), (entry.GetProperty("actor").GetString(), entry.GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData("30m", 30)]
    [InlineData("24h", 24 * 60)]
    [InlineData("7d", 7 * 24 * 60)]
    [InlineData("2026-01-02", 24 * 60)]
    [InlineData("2026-01-01T00:01Z", 1)]
    [InlineData("2026-01-01T02:01+02:00", 1)]
    [InlineData("0h", null)]
    [InlineData("-1h", null)]
    [InlineData("999999999d", null)]
    [InlineData("h", null)]
    [InlineData("2025-12-31", null)]
    [InlineData("soon", null)]
    public void An_instant_is_a_date_or_a_span_from_now_and_lies_ahead(string text, int? minutes)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(minutes is { } wait ? now + TimeSpan.FromMinutes(wait) : null, SafetyCommand.Instant(text, now));
    }
}
