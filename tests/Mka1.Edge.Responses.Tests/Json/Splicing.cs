using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.Responses.Tests;

public sealed class Splicing
{
    [Theory]
    [InlineData("""{ "model" : "a" , "t":1.50 }""", """{ "model" : "b" , "t":1.50 }""")]
    [InlineData("""{"t":1E2,"model":{"deep":[1,{"model":2}]},"x":"\u00e9"}""", """{"t":1E2,"model":"b","x":"\u00e9"}""")]
    [InlineData("""{"\u006dodel":"a"}""", """{"\u006dodel":"b"}""")]
    [InlineData("""{"t":1}""", """{"t":1,"model":"b"}""")]
    [InlineData("""{ }""", """{"model":"b" }""")]
    [InlineData("""{"inner":{"model":"a"}}""", """{"inner":{"model":"a"},"model":"b"}""")]
    public void Setting_changes_one_value_and_no_other_byte(string json, string expected) =>
        Assert.Equal(expected, Apply(json, JsonEdit.Set("model", "\"b\""u8.ToArray())));

    [Theory]
    [InlineData("""{"a":1, "b":2 , "c":3}""", "a", """{"b":2 , "c":3}""")]
    [InlineData("""{"a":1, "b":2 , "c":3}""", "b", """{"a":1 , "c":3}""")]
    [InlineData("""{"a":1, "b":2 , "c":3 }""", "c", """{"a":1, "b":2 }""")]
    [InlineData("""{"a":1}""", "a", "{}")]
    [InlineData("""{"a":1}""", "b", """{"a":1}""")]
    public void Removing_takes_the_comma_along(string json, string name, string expected) =>
        Assert.Equal(expected, Apply(json, JsonEdit.Remove(name)));

    [Fact]
    public void Random_edits_give_what_a_document_model_gives()
    {
        var random = new Random(3);
        string[] names = ["a", "b", "c", "d\"e", "é"];
        string[] values = ["1", "null", "\"x,}\"", "[1, {\"a\":2}]", "{ }", "1.50"];
        for (var round = 0; round < 3000; round++)
        {
            var members = names.Where(_ => random.Next(2) == 0).OrderBy(_ => random.Next()).ToArray();
            var space = random.Next(2) == 0 ? " " : "\n  ";
            var json = "{" + space + string.Join("," + space, members.Select(name => $"{JsonSerializer.Serialize(name)}{space}:{values[random.Next(values.Length)]}")) + space + "}";
            var edits = names.Where(_ => random.Next(2) == 0)
                .Select(name => random.Next(2) == 0 ? JsonEdit.Remove(name) : JsonEdit.Set(name, Encoding.UTF8.GetBytes(values[random.Next(values.Length)])))
                .ToArray();

            var model = JsonNode.Parse(json)!.AsObject();
            foreach (var edit in edits)
            {
                if (edit.Value is { } value)
                    model[edit.Name] = JsonNode.Parse(value.Span);
                else
                    model.Remove(edit.Name);
            }

            Assert.True(JsonNode.DeepEquals(model, JsonNode.Parse(Apply(json, edits))), json);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("")]
    public void Only_objects_can_be_edited(string json) => Assert.Throws<ArgumentException>(() => Apply(json, JsonEdit.Remove("a")));

    private static string Apply(string json, params JsonEdit[] edits) => Encoding.UTF8.GetString(JsonSplice.Apply(Encoding.UTF8.GetBytes(json), edits));
}
