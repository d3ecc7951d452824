using System.Text.Json;
using Mka1.Edge.Inference.Chat.Jinja;
using Mka1.Edge.Inference.Tests.Support;

namespace Mka1.Edge.Inference.Tests.Chat;

public sealed class JinjaTemplateTests
{
    private static readonly Dictionary<string, JsonElement> Cases = Read();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_template_renders_as_Jinja_renders_it(string name)
    {
        var golden = Cases[name];
        var source = golden.GetProperty("template").GetString()!;
        if (golden.TryGetProperty("output", out var output))
            Assert.Equal(output.GetString(), Render(source, golden.GetProperty("variables").GetRawText()).Value);
        else
            Assert.Throws<JinjaException>(() => Render(source, golden.GetProperty("variables").GetRawText()));
    }

    [Fact]
    public void A_template_says_why_it_refuses()
    {
        Assert.Equal("No: text", Assert.Throws<JinjaException>(() => Render("{{ raise_exception('No: ' ~ x) }}", """{"x":"text"}""")).Message);
    }

    [Theory]
    [InlineData("{% include 'x' %}", "include")]
    [InlineData("{% for a in b recursive %}{% endfor %}", "recursive")]
    [InlineData("{{ a|pprint }}", "pprint")]
    [InlineData("{{ a is filter }}", "filter")]
    [InlineData("{% if a %}", "endif")]
    [InlineData("{% endif %}", "endif")]
    [InlineData("{% break %}", "break")]
    [InlineData("{{ a", "}}")]
    [InlineData("{{ 'a }}", "string")]
    [InlineData("{# a", "comment")]
    [InlineData("{{ a ? b }}", "?")]
    [InlineData("{{ }}", "")]
    [InlineData("{% raw %}a", "endraw")]
    [InlineData("\n\n{{ 1 +* 2 }}", "line 3")]
    public void What_is_malformed_or_not_supported_is_named_when_it_is_parsed(string source, string named)
    {
        Assert.Contains(named, Assert.Throws<JinjaException>(() => JinjaTemplate.Parse(source)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a='xxxxxxxxxxxxxxxx') %}{% for i in range(100) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}")]
    [InlineData("{% set ns = namespace(a=[1]) %}{% for i in range(100) %}{% set ns.a = ns.a + ns.a %}{% endfor %}")]
    [InlineData("{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}")]
    [InlineData("{{ range(1000000000) }}")]
    [InlineData("{{ 'x' * 1000000000 }}")]
    [InlineData("{% for a in range(100000) %}{{ 'x' * 100000 }}{% endfor %}")]
    public void A_template_that_would_run_away_is_stopped(string source)
    {
        Assert.Throws<JinjaException>(() => Render(source, "{}"));
    }

    [Fact]
    public void Brackets_without_end_do_not_end_the_process()
    {
        Assert.Throws<JinjaException>(() => JinjaTemplate.Parse("{{ " + new string('(', 100_000)));
        Assert.Throws<JinjaException>(() => JinjaTemplate.Parse("{{ " + new string('-', 100_000)));
        Assert.Throws<JinjaException>(() => JinjaTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat("not ", 100_000))));
        Assert.Throws<JinjaException>(() => JinjaTemplate.Parse(string.Concat(Enumerable.Repeat("{% if a %}", 100_000))));
    }

    [Fact]
    public void A_conversation_of_thousands_of_turns_is_not_taken_for_a_loop_without_end()
    {
        const string Source = "{% for m in messages %}{% if loop.first or messages[loop.index0 - 1].role != m.role %}{{ m.role }}:{% endif %}{{ m.content[1:] | trim }}{{ messages | length }}\n{% endfor %}";
        var messages = Enumerable.Range(0, 5000).Select(i => new { role = i % 2 == 0 ? "user" : "assistant", content = new string('x', 200) });
        var text = Render(Source, JsonSerializer.Serialize(new { messages }));
        Assert.Equal(5000, text.Value.Split('\n').Length - 1);
    }

    [Theory]
    [InlineData("<{{ x }}>", ".XXXXX.")]
    [InlineData("{{ x|upper ~ 'a' }}{{ x[1:3] }}", "XXXXX.XX")]
    [InlineData("{{ x.replace('b', '<') }}", "X.XXX")]
    [InlineData("{{ 'a-a'.replace('a', x) }}", "XXXXX.XXXXX")]
    [InlineData("{{ x.split('c') }}", "..XX....XX..")]
    [InlineData("{{ x|tojson }}", ".XXXXX.")]
    [InlineData("{{ x|trim|list|join('') }}{{ x[::-1] }}", "XXXXXXXXXX")]
    [InlineData("{% macro f(a) %}({{ a }}){% endmacro %}{% set b %}{{ f(x) }}!{% endset %}{{ b }}", ".XXXXX..")]
    [InlineData("{% for c in x %}{{ c }},{% endfor %}", "X.X.X.X.X.")]
    [InlineData("{% for k, v in m.items() %}{{ k }}={{ v }}{% endfor %}{{ m|tojson }}", "X.X..X....X..")]
    [InlineData("{% set ns = namespace(t='') %}{% set ns.t = ns.t ~ x %}{{ ns.t|string|indent(2, true) }}", "..XXXXX")]
    [InlineData("{{ 'a' if x == 'abcde' else 'b' }}{{ [x, 'q'] }}", "...XXXXX.......")]
    public void Every_operation_keeps_track_of_what_a_caller_wrote(string source, string marks)
    {
        var text = Render(source, """{"x":"abcde","m":{"k":"v"}}""");
        Assert.Equal(marks.Length, text.Length);
        Assert.Equal(marks, string.Concat(Enumerable.Range(0, text.Length).Select(i => text.IsOwn(i, i + 1) ? '.' : 'X')));
    }

    [Fact]
    public void Dates_are_those_of_the_clock_that_is_given()
    {
        var template = JinjaTemplate.Parse("{{ strftime_now('%d %b %Y %H:%M:%S %j %A %B %y%%') }}");
        Assert.Equal("07 Mar 2025 14:05:09 066 Friday March 25%", template.Render(new Dictionary<string, object?>(), new FixedTime()).Value);
    }

    private static MarkedText Render(string source, string variables)
    {
        var values = ((JinjaMap)JinjaJson.Parse(variables)!).ToDictionary(entry => entry.Key.Value, entry => entry.Value);
        return JinjaTemplate.Parse(source).Render(values, new FixedTime());
    }

    private static Dictionary<string, JsonElement> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DemoModels.Root, "tests", "golden", "templates", "cases.json")));
        return document.RootElement.EnumerateArray().ToDictionary(golden => golden.GetProperty("name").GetString()!, golden => golden.Clone());
    }

    /// <summary>A clock that stands still.</summary>
    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2025, 3, 7, 14, 5, 9, TimeSpan.Zero);
    }
}
