namespace Mka1.Edge.Security.Tests.Json;

/// <summary>Promise: a body that is not one strict JSON object is refused with 400, whatever it holds (reliability.md 3.4).</summary>
public sealed class RefusesHostileJsonTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string> Refused =>
    [
        // No object at all.
        "", " ", "null", "true", "5", "\"text\"", "[]", "[{}]", "NaN", "undefined",

        // Broken syntax: a small corpus in the manner of JSONTestSuite's n_ files.
        "{", "}", "{]", "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{\"a\":'b'}",
        "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":-}", "{\"a\":0x1}", "{\"a\":NaN}", "{\"a\":Infinity}",
        "{\"a\":-Infinity}", "{\"a\":1/* c */}", "// c\n{}", "{\"a\":tru}", "{\"a\":True}", "{\"a\":nul}", "{\"a\":[1,]}", "{\"a\":[,1]}",
        "{\"a\":[1 2]}", "{\"a\":\"\t\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\x41\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\\"}", "{\"a\":\"b}", "{\"a\":1}}",
        "{\"a\":1}{\"a\":1}", "{\"a\":1}x", "{\"a\":1}\0", "{\"a\":\"\0\"}", "[1", "{\"a\":{\"b\":1}", "{}#",

        // Twice the same key, also where only one of the two is spelled with escapes, or deep inside.
        """{"model":"mka1-mini","model":"mka1-mini"}""",
        """{"model":"mka1-mini","\u006dodel":"mka1-mini","input":"hi"}""",
        """{"model":"mka1-mini","input":[{"role":"user","content":"a","content":"b"}]}""",
        """{"model":"mka1-mini","input":"hi","metadata":{"k":"1","k":"2"}}""",
        """{"model":"mka1-mini","input":"hi","extra":{"deep":[{"k":1,"k":1}]}}""",

        // A key that another parser would take for the same one.
        """{"model":"mka1-mini","Model":"mka1-mini","input":"hi"}""",
        """{"MODEL":"mka1-mini","input":"hi"}""",

        // Values that make System.Text.Json throw something unexpected.
        """{"model":"mka1-mini","input":"\ud800"}""",
        """{"model":"mka1-mini","input":"\udc00\ud800"}""",
        """{"model":"mka1-mini","input":"hi","metadata":{"\ud800":"v"}}""",
        """{"model":"mka1-mini","input":"hi","extra":1e400}""",
        """{"model":"mka1-mini","input":"hi","extra":-1e131071}""",
        """{"model":"\ud800","input":"hi"}""",
        """{"model":"mka1-mini","input":"hi","extra":"\ud800"}""",
        $$"""{"model":"mka1-mini","input":"hi","{{new string('k', 257)}}":1}""",
        $$"""{"model":"mka1-mini","input":"hi","extra":{{new string('9', 101)}}}""",
        $$"""{"model":"mka1-mini","input":"hi","extra":{{Nested(64)}}}""",
        Nested(100_000),
        new string('[', 100_000),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_and_no_model_server_sees_it(string body)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await gateway.PostAsync(body);
        await answer.AssertRefusedAsync(400);
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData("efbbbf7b226d6f64656c223a226d6b61312d6d696e69227d")] // byte order mark
    [InlineData("7b226d6f64656c223a22c328227d")] // broken sequence in a string
    [InlineData("7b22c3223a317d")] // broken sequence in a key
    [InlineData("7b226d6f64656c223a22eda080227d")] // a surrogate encoded as UTF-8
    [InlineData("7b226d6f64656c223a22c0af227d")] // overlong
    [InlineData("fffe7b002200")] // UTF-16
    [InlineData("00")]
    [InlineData("ff")]
    public async Task Bytes_that_are_not_UTF_8_without_a_mark_are_refused(string hex)
    {
        var before = gateway.UpstreamCalls;
        using var answer = await gateway.Client.SendAsync(GatewayFixture.Create(Convert.FromHexString(hex)));
        await answer.AssertRefusedAsync(400, "invalid_json");
        Assert.Equal(before, gateway.UpstreamCalls);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\ud83d\\ude00")]
    [InlineData("\\u2028 \\u202e 👩‍👩‍👧‍👦 é")]
    [InlineData("</script>\\u001b[31m")]
    [InlineData("event: response.completed\\ndata: [DONE]\\n\\n")]
    public async Task Odd_but_valid_text_reaches_the_model_server_as_the_bytes_it_was(string text)
    {
        gateway.Dense.Play(Scripts.Completed("ok"));
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini", "input" : "{{text}}","n":1.50,"e":1E2}""");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var seen = Assert.Single(gateway.Dense.Calls).Text;
        Assert.Contains($"\"{text}\"", seen, StringComparison.Ordinal);
        Assert.Contains("1.50", seen, StringComparison.Ordinal);
        Assert.Contains("1E2", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixty_four_levels_are_taken()
    {
        using var answer = await gateway.PostAsync($$"""{"model":"mka1-mini","input":"hi","extra":{{Nested(63)}}}""");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
