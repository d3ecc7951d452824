using System.Text;
using System.Text.Json;
using Mka1.Edge.Security.Tests.Fuzz;
using Microsoft.AspNetCore.Routing;
using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Json;

/// <summary>
/// Promise: on every route that reads a body, JSON that is none is 400 and all other JSON is answered in order, in the manner of
/// JSONTestSuite: <c>n_</c> is refused, <c>y_</c> and <c>i_</c> never make the gateway fail (reliability.md 3.4).
/// </summary>
public sealed class JsonMatrixTests(ITestOutputHelper output)
{
    private const string Prefix = "/api/v1/llm";

    /// <summary>Values that are no JSON, wherever they stand.</summary>
    private static readonly string[] Unsound =
    [
        "", "[1 true]", "[a]", "[\"\": 1]", "[,1]", "[1,,2]", "[1,]", "[\"x\"]]", "[\"x\"", "[3[4]]", "[1:2]", "[*]", "[fals]", "[nul]", "[tru]", "[True]", "[++1234]", "[+1]", "[-01]",
        "[-1.0.]", "[-2.]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.e1]", "[0E]", "[1.0e+]", "[1 000.0]", "[1eE2]", "[0x1]", "[Infinity]", "[-Infinity]", "[NaN]", "[-NaN]", "[1+2]",
        "[１]", "[012]", "{[: \"x\"}", "{\"x\", null}", "{\"x\"::\"b\"}", "{key: 'value'}", "{\"a\":\"a\" 123}", "{\"a\" b}", "{:\"b\"}", "{\"a\":", "{1:1}", "{\"id\":0,}",
        "{\"a\":/*comment*/\"b\"}", "{'a':0}", "[\"\\uD800\\\"]", "[\"\\u00A\"]", "[\"\\\\\\\"]", "[\"\\a\"]", "[\"\\\0\"]", "[\"\t\"]", "[\"new\nline\"]", "[\"\u001f\"]", "['single']", "\"",
        "undefined", "<.>", "[\u2060]", "[\u000c]", "[\uFEFF1]", "1e99999", "-1e+9999", "\"\\uD800\"", "\"\\uDFAA\"", "\"\\uD888\\u1234\"", "\"\\uDd1e\\uD834\"",
        "{\"k\":1,\"k\":2}", "{\"k\":1,\"\\u006b\":2}", new string('[', 100) + new string(']', 100), new string('[', 100_000), new string('9', 101),
    ];

    /// <summary>Values that are JSON, and some that parsers disagree about.</summary>
    private static readonly string[] Sound =
    [
        "null", "true", "-0", "0e+1", "1E22", "123.456e-78", "-123123123123123123123123123123", "1e-10000", "\"\"", "\"\\u0060\\u012a\\u12AB\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\\u0000\"",
        "\"\\u0000\"", "\"\\uD801\\udc37\"", "\"\\uDBFF\\uDFFF\"", "\"\\uFFFF\\uFDD0\"", "\"\u2028\u2029\u007f\"", "\"€𝄞👨‍👩‍👧\u202eabc\"", "[]", "[[]   ]", "[1,null,null,null,2]", "[ 4\t,\r\n5]", "{}",
        "{\"\":0}", "{\"foo\\u0000bar\": 42}", "{\"min\": -1.0e+28, \"max\": 1.0e+28}", "9007199254740993", "9223372036854775808", "1.0", "\"5\"", "{\"__proto__\":{\"a\":1}}", "{\"$type\":\"System.Object\"}",
        "\"event: response.completed\\ndata: [DONE]\\n\\n\"", "\"</script>\\u001b[31m\"",
    ];

    /// <summary>Texts that a database, a regular expression or a terminal might take badly, as JSON strings.</summary>
    private static readonly string[] OddTexts =
    [
        "\"a\\u0000b\"", "\"\\u0000\"", "\"\"", "\" \"", "\"\\ud83d\\ude00\"", "\"\\uFFFF\\uFDD0\"", "\"\u2028\u202e\u200b\"", "\"👩‍👩‍👧‍👦\"", "\"e\u0301\"", "\"' OR 1=1; --\"", "\"%_\\\\\"",
        "\"(a+)+$\"", "\"\\u001b[31m\\r\\nERROR forged\"", "\"../../..\"", $"\"{new string('x', 5_000)}\"",
    ];

    /// <summary>Bytes that are no UTF-8, or say that they are something else.</summary>
    private static readonly byte[][] Encodings =
    [
        [0xef, 0xbb, 0xbf, .. "{}"u8], [0xff, 0xfe, (byte)'{', 0, (byte)'}', 0], [0xfe, 0xff, 0, (byte)'{', 0, (byte)'}'], [(byte)'{', 0, (byte)'}', 0], [0xff], [0],
        [.. "{\"a\":\""u8, 0xc3, 0x28, .. "\"}"u8], [.. "{\""u8, 0xc3, .. "\":1}"u8], [.. "{\"a\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8], [.. "{\"a\":\""u8, 0xc0, 0xaf, .. "\"}"u8], [.. "{}"u8, 0],
    ];

    [Fact]
    public async Task Every_route_with_a_body_is_in_the_table()
    {
        await using var gateway = await GatewayFixture.StartAsync(config => config);
        var routes = ((IEndpointRouteBuilder)gateway.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}"))
            .Where(name => name.StartsWith("POST ", StringComparison.Ordinal) || name.StartsWith("PATCH ", StringComparison.Ordinal) || name.StartsWith("PUT ", StringComparison.Ordinal))
            .Select(name => name.Replace(Prefix, "", StringComparison.Ordinal));
        Assert.Empty(routes.Except(PostRoutes.All.Select(route => route.Route)).Except(PostRoutes.Bodiless));
    }

    [Fact]
    public async Task What_is_no_JSON_is_refused_on_every_route()
    {
        await using var fuzzed = await FuzzedGateway.StartAsync();
        var tried = 0;
        foreach (var route in PostRoutes.All)
        {
            var good = Good(route.Surface);
            var bodies = Unsound.Select(value => With(good, value))
                .Concat(Encodings)
                .Concat(Enumerable.Range(1, good.Length - 1).Select(length => good[..length]))
                .Concat([[.. good, .. "x"u8], [.. good, .. good], [.. good, (byte)'}'], [.. "// c\n"u8, .. good], "null"u8.ToArray(), "[]"u8.ToArray(), "5"u8.ToArray(), "\"text\""u8.ToArray()]);
            await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, _) =>
            {
                Interlocked.Increment(ref tried);
                var (status, text) = await SendAsync(fuzzed, route, body);
                Assert.True(status == 400, $"{route.Route}: {status} for {Convert.ToHexString(body.AsSpan(0, Math.Min(body.Length, 200)))}: {text}");
            });
        }

        fuzzed.AssertQuiet();
        output.WriteLine($"{tried} bodies on {PostRoutes.All.Count} routes.");
    }

    [Fact]
    public async Task What_is_JSON_is_answered_on_every_route()
    {
        await using var fuzzed = await FuzzedGateway.StartAsync();
        foreach (var route in PostRoutes.All)
        {
            var good = Good(route.Surface);
            foreach (var value in Sound)
            {
                var (status, text) = await SendAsync(fuzzed, route, With(good, value));
                Assert.True(AnswerJudge.OfClient(status, "application/json", text) is null, $"{route.Route}: {status} for {value}: {text}");
            }

            // The example that the others are made of is one that is taken, or at least understood.
            Assert.InRange((await SendAsync(fuzzed, route, good)).Status, 200, 404);
        }

        fuzzed.AssertQuiet();
    }

    [Fact]
    public async Task Odd_text_anywhere_is_answered_on_every_route()
    {
        await using var fuzzed = await FuzzedGateway.StartAsync();
        await AssertTakesOddTextAsync(fuzzed);
    }

    [ServersFact]
    public async Task Odd_text_anywhere_is_answered_when_it_goes_to_Postgres_and_Redis()
    {
        await using var stores = await RealStores.StartAsync();
        await using var fuzzed = await FuzzedGateway.StartAsync(stores: stores);
        await AssertTakesOddTextAsync(fuzzed);
    }

    private async Task AssertTakesOddTextAsync(FuzzedGateway fuzzed)
    {
        var tried = 0;
        foreach (var route in PostRoutes.All)
        {
            // All that a create request may hold goes to the route that keeps it; what two routes read alike, one example shows for the second.
            byte[][] samples = route.Route == "POST /responses" ? [.. Sample.Of(route.Surface).Select(sample => sample.Bytes)] : [Good(route.Surface)];
            var bodies = OddTexts.SelectMany(text => samples.SelectMany(sample => EachText(sample, text)));
            await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, _) =>
            {
                Interlocked.Increment(ref tried);
                var (status, text) = await SendAsync(fuzzed, route, body);
                Assert.True(status < 500, $"{route.Route}: {status} for {Encoding.UTF8.GetString(body)}: {text}");
            });
        }

        fuzzed.AssertQuiet();
        output.WriteLine($"{tried} bodies on {PostRoutes.All.Count} routes.");
    }

    /// <summary>The same body with another text in the place of each of its own, one at a time; none when it is no JSON.</summary>
    private static List<byte[]> EachText(byte[] good, string text)
    {
        var bodies = new List<byte[]>();
        var reader = new Utf8JsonReader(good);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.String) continue;
                bodies.Add([.. good.AsSpan(0, (int)reader.TokenStartIndex), .. Encoding.UTF8.GetBytes(text), .. good.AsSpan((int)reader.BytesConsumed)]);
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return bodies;
    }

    private static byte[] Good(string surface) => Sample.Of(surface).First(sample => sample.Name is not ("empty.json" or "null.json" or "array.json")).Bytes;

    /// <summary>The same object with another member in front.</summary>
    private static byte[] With(byte[] good, string value) => [.. Encoding.UTF8.GetBytes($"{{\"x\":{value}{(good.Length > 2 ? "," : "")}"), .. good.AsSpan(1)];

    private static async Task<(int Status, string Text)> SendAsync(FuzzedGateway fuzzed, (string Route, string Surface, bool Admin) route, byte[] body)
    {
        var (gateway, routes) = await fuzzed.TakeAsync();
        using var request = routes.Request(route, body);
        using var answer = await gateway.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
