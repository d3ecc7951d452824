using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Constraints;

namespace Mka1.Edge.Inference.Tests.Constraints;

public sealed class JsonGuideTests
{
    private const string City = """{"type":"object","properties":{"city":{"type":"string","minLength":1,"maxLength":3},"n":{"type":"integer"}},"required":["city"]}""";

    [Theory]
    [InlineData(City, """{"city":"ab"}""", true)]
    [InlineData(City, """{"city":"ab","n":-12}""", true)]
    [InlineData(City, """{"city":"a\u00e9\n"}""", true)]
    [InlineData(City, """{"city":"سلا"}""", true)]
    [InlineData(City, """{"city":"abcd"}""", false)]
    [InlineData(City, """{"city":""}""", false)]
    [InlineData(City, """{"n":1,"city":"a"}""", false)]
    [InlineData(City, """{"city":"a","n":1.5}""", false)]
    [InlineData(City, """{"city":"a","n":-0}""", false)]
    [InlineData(City, """{"city":"a","n":01}""", false)]
    [InlineData(City, """{"city":"a","x":1}""", false)]
    [InlineData(City, """{ "city":"a"}""", false)]
    [InlineData(City, """{"city":"\ud83d"}""", false)]
    [InlineData(City, """{}""", false)]
    [InlineData("""{"enum":["a","ab",1,12,null]}""", "12", true)]
    [InlineData("""{"enum":["a","ab",1,12,null]}""", "1", true)]
    [InlineData("""{"enum":["a","ab",1,12,null]}""", "\"ab\"", true)]
    [InlineData("""{"enum":["a","ab",1,12,null]}""", "\"abc\"", false)]
    [InlineData("""{"type":"string","enum":["a",1]}""", "1", false)]
    [InlineData("""{"type":["integer","boolean"]}""", "false", true)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"number"},"minItems":1}]}""", "[1,-2.50,0]", true)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"number"},"minItems":1}]}""", "[]", false)]
    [InlineData("""{"type":"object"}""", """{"a":{"b":[true,null]},"c":"d"}""", true)]
    [InlineData("""{"type":"object"}""", """{"a":1,"a":2}""", false)]
    [InlineData("""{"type":"object"}""", """[]""", false)]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":false}""", "{}", true)]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", """{"k":1}""", true)]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", """{"k":"v"}""", false)]
    [InlineData("""{"properties":{"a":{}},"required":["a","b"]}""", """{"a":[],"b":{}}""", true)]
    [InlineData("""{"$ref":"#/$defs/t","$defs":{"t":{"type":"array","items":{"$ref":"#/$defs/t"}}}}""", "[[],[[]]]", true)]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"type":"null"}]}""", "null", true)]
    [InlineData("true", "[1,{\"a\":\"b\"}]", true)]
    [InlineData("""{"type":"string","pattern":"^a\"+$","maxLength":3}""", "\"a\\\"\\\"\"", true)]
    [InlineData("""{"type":"string","pattern":"^a\"+$","maxLength":3}""", "\"a\\\"\\\"\\\"\"", false)]
    [InlineData("""{"type":"array","items":{"type":"integer","minimum":-12,"maximum":105}}""", "[-12,0,99,105]", true)]
    [InlineData("""{"type":"array","items":{"type":"integer","minimum":-12,"maximum":105}}""", "[-13]", false)]
    [InlineData("""{"type":"array","items":{"type":"integer","minimum":-12,"maximum":105}}""", "[106]", false)]
    [InlineData("""{"type":"array","items":{"type":"integer","minimum":1e1}}""", "[10,999999999999999]", true)]
    [InlineData("""{"type":"array","items":{"type":"integer","minimum":1e1}}""", "[9]", false)]
    [InlineData("""{"type":"integer","exclusiveMinimum":-3.5,"exclusiveMaximum":-1}""", "-2", true)]
    [InlineData("""{"type":"integer","exclusiveMinimum":-3.5,"exclusiveMaximum":-1}""", "-1", false)]
    [InlineData("""{"type":"array","items":{"type":"number","minimum":-0.25,"exclusiveMaximum":1.5}}""", "[-0.25,-0.1,0,0.00,1,1.49999,1.0]", true)]
    [InlineData("""{"type":"array","items":{"type":"number","minimum":-0.25,"exclusiveMaximum":1.5}}""", "[1.50]", false)]
    [InlineData("""{"type":"array","items":{"type":"number","minimum":-0.25,"exclusiveMaximum":1.5}}""", "[-0.251]", false)]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0.0", false)]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0.01", true)]
    [InlineData("""{"minimum":5}""", "5.5", true)]
    [InlineData("""{"type":["integer","null"],"maximum":5}""", "null", true)]
    [InlineData("""{"type":"string","format":"date"}""", "\"2024-02-28\"", true)]
    [InlineData("""{"type":"string","format":"date"}""", "\"2024-02-30\"", false)]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2024-12-31T23:59:59.5+05:30\"", true)]
    [InlineData("""{"type":"string","format":"ipv4"}""", "\"255.0.10.199\"", true)]
    [InlineData("""{"type":"string","format":"ipv4"}""", "\"256.0.10.199\"", false)]
    [InlineData("""{"type":"string","format":"email"}""", "\"a.b@c-d.example.org\"", true)]
    [InlineData("""{"type":"string","format":"uuid"}""", "\"123e4567-e89b-12d3-a456-426614174000\"", true)]
    [InlineData("""{"type":"string","format":"mine"}""", "\"x\"", true)]
    public void A_text_is_read_if_and_only_if_it_belongs_to_the_grammar(string schema, string text, bool expected)
    {
        using var document = JsonDocument.Parse(schema);
        var guide = new JsonGuide(JsonGrammar.FromSchema(document.RootElement));
        Assert.Equal(expected, ReadsWhole(guide, text));
        if (!expected)
            return;

        // The same in one go.
        guide = new JsonGuide(JsonGrammar.FromSchema(document.RootElement));
        guide.Accept(Encoding.UTF8.GetBytes(text));
        Assert.True(guide.CanEnd);
    }

    [Fact]
    public void A_number_may_end_or_go_on_and_other_values_must_end()
    {
        using var number = JsonDocument.Parse("""{"type":"integer"}""");
        var guide = new JsonGuide(JsonGrammar.FromSchema(number.RootElement));
        guide.Accept("4"u8);
        Assert.True(guide.CanEnd);
        Assert.False(guide.MustEnd);

        guide = new JsonGuide(JsonGrammar.AnyObject);
        guide.Accept("{\"a\":1"u8);
        Assert.False(guide.CanEnd);
        guide.Accept("}"u8);
        Assert.True(guide.MustEnd);
        Assert.False(guide.Allows(" "u8));
    }

    [Fact]
    public void Asking_changes_nothing()
    {
        var guide = new JsonGuide(JsonGrammar.AnyObject);
        Assert.True(guide.Allows("{\"a\""u8));
        Assert.True(guide.Allows("{}"u8));
        Assert.False(guide.Allows("}"u8));
        Assert.False(guide.Allows(""u8));
        guide.Accept("{"u8);
        Assert.True(guide.Allows("\"a\":{}}"u8));
        Assert.Throws<InvalidOperationException>(() => guide.Accept("x"u8));
    }

    [Fact]
    public void Near_the_budget_only_the_way_out_is_open()
    {
        using var schema = JsonDocument.Parse("""{"type":"array","items":{"type":"string"}}""");
        var guide = new JsonGuide(JsonGrammar.FromSchema(schema.RootElement, maxBytes: 8));
        guide.Accept("[\"abc"u8);
        Assert.False(guide.Allows("de"u8));
        Assert.True(guide.Allows("d"u8));
        guide.Accept("d\""u8);
        Assert.False(guide.Allows(","u8));
        guide.Accept("]"u8);
        Assert.True(guide.MustEnd);
    }

    [Fact]
    public void Nesting_ends_at_the_depth_limit()
    {
        var guide = new JsonGuide(JsonGrammar.AnyObject);
        var opened = 0;
        while (guide.Allows("{\"a\":"u8))
        {
            guide.Accept("{\"a\":"u8);
            opened++;
        }
        Assert.Equal(GuideSteps.MaxDepth, opened);
        guide.Accept("1"u8);
        guide.Accept(Encoding.UTF8.GetBytes(new string('}', opened)));
        Assert.True(guide.MustEnd);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"city":{"type":"string","pattern":"(?=a)"}}}""", "#/properties/city/pattern")]
    [InlineData("""{"type":"array","items":{"type":"integer","multipleOf":3}}""", "#/items/multipleOf")]
    [InlineData("""{"type":"integer","minimum":3,"maximum":2}""", "#/minimum")]
    [InlineData("""{"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":4}""", "#/exclusiveMinimum")]
    [InlineData("""{"type":"number","exclusiveMinimum":3,"maximum":3}""", "#/maximum")]
    [InlineData("""{"type":"number","minimum":"3"}""", "#/minimum")]
    [InlineData("""{"type":"integer","minimum":1e300}""", "#/minimum")]
    [InlineData("""{"type":"number","minimum":1e-300}""", "#/minimum")]
    [InlineData("""{"type":"number","minimum":0.1234567890123456}""", "#/minimum")]
    [InlineData("""{"type":"string","pattern":1}""", "#/pattern")]
    [InlineData("""{"type":"string","format":"uuid","maxLength":5}""", "#/format")]
    [InlineData("""{"anyOf":[{"type":"string"},{"not":{}}]}""", "#/anyOf/1/not")]
    [InlineData("""{"properties":{"a/b":{"oneOf":[]}}}""", "#/properties/a~1b/oneOf")]
    [InlineData("""{"type":"strin"}""", "#/type")]
    [InlineData("""{"type":"string","enum":[1]}""", "#/enum")]
    [InlineData("""{"enum":[]}""", "#/enum")]
    [InlineData("""{"enum":["a"],"maxLength":1}""", "#/maxLength")]
    [InlineData("""{"anyOf":[{}],"type":"string"}""", "#/type")]
    [InlineData("""{"$ref":"http://x/y"}""", "#/$ref")]
    [InlineData("""{"$ref":"#/$defs/x"}""", "#/$ref")]
    [InlineData("""{"$ref":"#"}""", "#")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "#")]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false}""", "#/required")]
    [InlineData("""{"properties":{"a":false}}""", "#/properties/a")]
    [InlineData("""{"minLength":-1}""", "#/minLength")]
    [InlineData("""{"minLength":2,"maxLength":1}""", "#/minLength")]
    [InlineData("""{"type":"string","minLength":100000}""", "#")]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":2000000000}""", "#")]
    [InlineData("[]", "#")]
    [InlineData("""{"enum":["\ud800"]}""", "#")]
    public void An_unsupported_schema_is_refused_with_the_path_of_the_keyword(string schema, string path)
    {
        using var document = JsonDocument.Parse(schema);
        var error = Assert.Throws<UnsupportedSchemaException>(() => JsonGrammar.FromSchema(document.RootElement));
        Assert.Equal(path, error.KeywordPath);
    }

    [Fact]
    public void A_schema_made_to_explode_is_refused_or_cheap()
    {
        // Each level doubles the ways to read a value, if they are not told apart.
        var defs = string.Join(',', Enumerable.Range(0, 60).Select(i =>
            $$"""  "d{{i}}":{"anyOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}  """));
        using var document = JsonDocument.Parse($$"""{"$ref":"#/$defs/d0","$defs":{ {{defs}},"d60":{"type":"string"} } }""");
        var guide = new JsonGuide(JsonGrammar.FromSchema(document.RootElement));
        guide.Accept("\"a\""u8);
        Assert.True(guide.MustEnd);
    }

    private static bool ReadsWhole(JsonGuide guide, string text)
    {
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (!guide.Allows([value]))
                return false;
            guide.Accept([value]);
        }
        return guide.CanEnd;
    }
}
