using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Bodies and templates of the prompts resource.</summary>
public sealed class Prompt_bodies
{
    [Fact]
    public void A_sound_body_is_taken()
    {
        var created = PromptParser.ParseCreate("""{"name":"n\u0000","template":"t"}"""u8.ToArray());
        Assert.Equal(new CreatePromptRequest("n\0", "t"), Assert.IsType<ParseResult<CreatePromptRequest>.Parsed>(created).Request);
        Assert.Equal(new UpdatePromptRequest("n", null), Update("""{"name":"n","version":null}"""));
        Assert.Equal(new UpdatePromptRequest(null, 2), Update("""{"version":2}"""));
        Assert.Equal("t", Assert.IsType<ParseResult<string>.Parsed>(PromptParser.ParseVersion("""{"template":"t"}"""u8.ToArray())).Request);
    }

    [Theory]
    [InlineData("""{"version":2147483648}""", "version", ErrorCode.InvalidValue)]
    [InlineData("""{"version":1.0}""", "version", ErrorCode.InvalidValue)]
    [InlineData("""{"name":7,"version":true}""", "name", ErrorCode.InvalidType)]
    [InlineData("""{"name":null}""", null, ErrorCode.MissingRequiredParameter)]
    [InlineData("", null, ErrorCode.InvalidJson)]
    public void An_update_names_its_first_fault(string body, string? param, ErrorCode code)
    {
        var error = Assert.IsType<ParseResult<UpdatePromptRequest>.Refused>(PromptParser.ParseUpdate(Encoding.UTF8.GetBytes(body))).Error;
        Assert.Equal((param, code), (error.Param, error.Code));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Hello {{name}}", "name")]
    [InlineData("{{ a }}{{b_1}} {{a}} {{c-d.e}} {{ größe }}", "a,b_1,c-d.e,größe")]
    [InlineData("{name} {{}} {{ }} {{a b}} {{a}", "")]
    [InlineData("{{{x}}}", "x")]
    public void Placeholders_are_named_once_in_their_order(string template, string names) =>
        Assert.Equal(names, string.Join(",", PromptPlaceholders.Names(template)));

    [Theory]
    [InlineData("{{a}} and {{ a }}, {{b}}", "{{a}},{{ a }},{{b}}")]
    [InlineData("{{{x}}} {{}}{{ {{y}} }}{{a", "{{x}},{{y}}")]
    public void Every_placeholder_is_found_where_it_stands(string template, string places) =>
        Assert.Equal(places, string.Join(",", PromptPlaceholders.Find(template).Select(found => template[found.Place])));

    private static UpdatePromptRequest Update(string body) =>
        Assert.IsType<ParseResult<UpdatePromptRequest>.Parsed>(PromptParser.ParseUpdate(Encoding.UTF8.GetBytes(body))).Request;
}
