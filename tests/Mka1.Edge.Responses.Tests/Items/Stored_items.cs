using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses.Tests;

/// <summary>The form in which items are kept: complete, and otherwise as they came.</summary>
public sealed class Stored_items
{
    [Theory]
    [InlineData("""{"type":"message","id":"msg_1","role":"user","status":"in_progress","content":[{"type":"input_text","text":"x"}]}""")]
    [InlineData("""{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"a","n":1.00}]}""")]
    [InlineData("""{ "type" : "function_call", "id" : "fc_1", "call_id":"c", "name":"f", "arguments":"{\u0022n\u0022:1E2}", "extra":1e0 }""")]
    [InlineData("""{"type":"holographic_call","id":"h","anything":[1,2.50]}""")]
    public void A_complete_item_stays_byte_for_byte(string item) => Assert.Equal(item, Json(Normalize(item)));

    [Theory]
    [InlineData("""{"type":"message","role":"user","content":[],"status":null}""", "msg_")]
    [InlineData("""{"type":"function_call","id":"","call_id":"c","name":"f","arguments":"{}"}""", "fc_")]
    [InlineData("""{"type":"function_call_output","id":null,"call_id":"c","output":"x"}""", "fco_")]
    [InlineData("""{"type":"reasoning","summary":[]}""", "rs_")]
    [InlineData("""{"type":"custom_tool_call","call_id":"c","name":"t","input":"x"}""", "ctc_")]
    [InlineData("""{"type":"web_search_call","status":"completed"}""", "item_")]
    [InlineData("""{"type":"holographic_call"}""", "item_")]
    public void An_item_without_an_id_gets_one_of_its_kind(string item, string prefix)
    {
        var stored = Normalize(item);
        Assert.Matches($"^{prefix}[0-9a-f]{{32}}$", stored.Id);
        Assert.Equal(stored.Id, Parsed(stored).GetProperty("id").GetString());
        Assert.NotEqual(stored.Id, Normalize(item).Id);
    }

    [Theory]
    [InlineData("""{"role":"user","content":"h\u00e9 \"\u0000"}""",
        """{"role":"user","content":[{"type":"input_text","text":"h\u00e9 \"\u0000"}],"type":"message","status":"completed","id":"ID"}""")]
    [InlineData("""{"type":null,"role":"developer","content":""}""",
        """{"type":"message","role":"developer","content":[{"type":"input_text","text":""}],"status":"completed","id":"ID"}""")]
    [InlineData("""{"role":"assistant","content":"hi","x":1.0}""",
        """{"role":"assistant","content":[{"type":"output_text","text":"hi","annotations":[],"logprobs":[]}],"x":1.0,"type":"message","status":"completed","id":"ID"}""")]
    public void A_message_sent_in_short_is_completed(string item, string expected)
    {
        var stored = Normalize(item);
        Assert.Equal(expected.Replace("ID", stored.Id, StringComparison.Ordinal), Json(stored));
    }

    [Fact]
    public void A_text_input_becomes_a_message()
    {
        var stored = StoredItems.Normalize(Assert.Single(Parse.Accepted(Parse.With("\"input\":\"a\\u0000\\u00e9\"")).Input));
        Assert.Equal("a\0é", stored.SearchText);
        var json = Parsed(stored);
        Assert.Equal(["type", "role", "content", "status", "id"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("message", "user", "completed"), (json.GetProperty("type").GetString(), json.GetProperty("role").GetString(), json.GetProperty("status").GetString()));
        Assert.Equal("""[{"type":"input_text","text":"a\u0000\u00e9"}]""", json.GetProperty("content").GetRawText());
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"input_text","text":"one"},{"type":"input_image","file_id":"f"},{"type":"input_text","text":"two"}]}""", "one\ntwo")]
    [InlineData("""{"role":"assistant","content":[{"type":"output_text","text":"one"},{"type":"refusal","refusal":"no"}]}""", "one\nno")]
    [InlineData("""{"type":"reasoning","summary":[{"type":"summary_text","text":"s"}],"content":[{"type":"reasoning_text","text":"hidden"}]}""", "s")]
    [InlineData("""{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}""", "{\"a\":1}")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":"sunny"}""", "sunny")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"}]}""", "x")]
    [InlineData("""{"type":"custom_tool_call_output","call_id":"c","output":"y"}""", "y")]
    [InlineData("""{"type":"mcp_call","server_label":"s","name":"t","arguments":"{}","output":"o"}""", "{}\no")]
    [InlineData("""{"type":"holographic_call","text":"z"}""", "")]
    public void What_a_search_looks_at(string item, string expected) => Assert.Equal(expected, Normalize(item).SearchText);

    [Fact]
    public void A_search_looks_at_the_beginning_of_a_long_text_and_never_at_half_a_character()
    {
        var text = Normalize($$"""{"role":"user","content":"{{string.Concat(Enumerable.Repeat("😀", 50_000))}}"}""").SearchText;
        Assert.InRange(text.Length, 60_000, 65_536);
        Assert.All(text.EnumerateRunes(), rune => Assert.Equal(0x1F600, rune.Value));
    }

    [Fact]
    public void An_array_of_items_is_their_bytes_with_commas_between()
    {
        Assert.Equal("[]", Encoding.UTF8.GetString(StoredItems.ToArray([])));
        var one = Normalize("""{"role":"user","content":"1"}""");
        var two = Normalize("""{"type":"reasoning","summary":[]}""");
        Assert.Equal($"[{Json(one)},{Json(two)}]", Encoding.UTF8.GetString(StoredItems.ToArray([one, two])));
    }

    [Fact]
    public void An_item_id_with_U0000_is_refused()
    {
        var error = Parse.Refused(Parse.With("""  "input":[{"type":"reasoning","id":"a\u0000","summary":[]}]"""));
        Assert.Equal(("input[0].id", ErrorCode.InvalidValue), (error.Param, error.Code));
    }

    private static StoredItem Normalize(string item) =>
        StoredItems.Normalize(Assert.Single(Parse.Accepted(Parse.With($"\"input\":[{item}]")).Input));

    private static string Json(StoredItem item) => Encoding.UTF8.GetString(item.Json.Span);

    private static JsonElement Parsed(StoredItem item) => JsonDocument.Parse(item.Json).RootElement;
}
