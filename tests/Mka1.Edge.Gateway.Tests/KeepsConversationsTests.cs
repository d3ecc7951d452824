using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Promise: a conversation holds what was put into it, in order, until it is taken out.</summary>
public sealed class KeepsConversationsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    /// <summary>A caller whose lists no other test writes to.</summary>
    private readonly ApiClient _api = new(gateway, TestKeys.Acme, "u" + Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"items":null,"metadata":null}""")]
    [InlineData("""{"items":[]}""")]
    public async Task A_conversation_may_begin_with_nothing(string? body)
    {
        var conversation = await _api.CallAsync("POST", "/conversations", body);
        Assert.Matches("^conv_[0-9a-f]{32}$", ApiClient.Id(conversation));
        Assert.Equal(["id", "object", "created_at", "metadata"], conversation.EnumerateObject().Select(member => member.Name));
        Assert.Equal("conversation", conversation.GetProperty("object").GetString());
        Assert.InRange(conversation.GetProperty("created_at").GetInt64(), 1_700_000_000, 10_000_000_000);
        Assert.Equal("{}", conversation.GetProperty("metadata").GetRawText());
        Assert.Empty(await _api.WalkAsync($"/conversations/{ApiClient.Id(conversation)}/items", 5));
    }

    [Fact]
    public async Task What_was_created_is_read_back_the_same()
    {
        var created = await _api.CallAsync(
            "POST", "/conversations", """{"metadata":{"topic":"dem\u0000o","é":"😀"},"items":[{"role":"user","content":"Hello!"}]}""");
        var id = ApiClient.Id(created);
        Assert.Equal(created.GetRawText(), (await _api.CallAsync("GET", $"/conversations/{id}")).GetRawText());
        Assert.Equal("dem\0o", created.GetProperty("metadata").GetProperty("topic").GetString());
        var item = Assert.Single((await _api.CallAsync("GET", $"/conversations/{id}/items")).GetProperty("data").EnumerateArray());
        Assert.Equal(("message", "user", "completed"), (Text(item, "type"), Text(item, "role"), Text(item, "status")));
        Assert.Equal("""[{"type":"input_text","text":"Hello!"}]""", item.GetProperty("content").GetRawText());
        Assert.Equal(item.GetRawText(), (await _api.CallAsync("GET", $"/conversations/{id}/items/{ApiClient.Id(item)}")).GetRawText());
    }

    [Fact]
    public async Task New_metadata_takes_the_place_of_the_old()
    {
        var id = await CreateAsync("""{"metadata":{"a":"1","b":"2"}}""");
        var updated = await _api.CallAsync("POST", $"/conversations/{id}", """{"metadata":{"c":"3"}}""");
        Assert.Equal("""{"c":"3"}""", updated.GetProperty("metadata").GetRawText());
        Assert.Equal(updated.GetRawText(), (await _api.CallAsync("GET", $"/conversations/{id}")).GetRawText());
    }

    [Fact]
    public async Task A_deleted_conversation_and_what_was_in_it_are_out_of_reach()
    {
        var id = await CreateAsync("""{"items":[{"role":"user","content":"x"}]}""");
        var item = (await _api.WalkAsync($"/conversations/{id}/items", 5))[0];
        var deleted = await _api.CallAsync("DELETE", $"/conversations/{id}");
        Assert.Equal($$"""{"id":"{{id}}","object":"conversation.deleted","deleted":true}""", deleted.GetRawText());
        foreach (var (method, path, body) in Routes(id, item)) await _api.RefusedAsync(method, path, 404, body, "not_found");
        Assert.DoesNotContain(id, await _api.WalkAsync("/conversations", 50));
    }

    [Fact]
    public async Task Items_keep_their_order_their_bytes_and_their_ids()
    {
        var id = await CreateAsync();
        const string call = """{ "type":"function_call","id":"fc_mine","call_id":"c1","name":"f","arguments":"{\u0022a\u0022:1}","x":1.50e0 }""";
        var added = await _api.CallAsync("POST", $"/conversations/{id}/items",
            $$"""{"items":[{{call}},{"type":"function_call_output","call_id":"c1","output":"sunny"},{"role":"assistant","content":"It is sunny."}]}""");
        Assert.Equal("list", Text(added, "object"));
        Assert.False(added.GetProperty("has_more").GetBoolean());
        var ids = ApiClient.Ids(added);
        Assert.Equal("fc_mine", ids[0]);
        Assert.StartsWith("fco_", ids[1], StringComparison.Ordinal);
        Assert.StartsWith("msg_", ids[2], StringComparison.Ordinal);
        Assert.Equal(call, added.GetProperty("data")[0].GetRawText());
        var more = ApiClient.Ids(await _api.CallAsync("POST", $"/conversations/{id}/items", Items(4)));
        Assert.Equal([.. ids, .. more], await _api.WalkAsync($"/conversations/{id}/items", 2));
        Assert.Equal(Enumerable.Reverse([.. ids, .. more]), await _api.WalkAsync($"/conversations/{id}/items?order=desc&include[]=message.output_text.logprobs", 3));
        var before = await _api.CallAsync("GET", $"/conversations/{id}/items?limit=2&before={more[1]}");
        Assert.Equal([ids[2], more[0]], ApiClient.Ids(before));
        Assert.True(before.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task A_removed_item_is_gone_and_the_conversation_says_which_was_last()
    {
        var id = await CreateAsync($$"""{"metadata":{"a":"1"},{{Items(4)[1..]}}""");
        var items = await _api.WalkAsync($"/conversations/{id}/items", 10);
        var one = await _api.CallAsync("DELETE", $"/conversations/{id}/items/{items[1]}");
        Assert.Equal("conversation", Text(one, "object"));
        Assert.Equal($$"""{"a":"1","last_removed_item_id":"{{items[1]}}"}""", one.GetProperty("metadata").GetRawText());
        var two = await _api.CallAsync("DELETE", $"/conversations/{id}/items", $$"""{"item_ids":["{{items[0]}}","{{items[3]}}"]}""");
        Assert.Equal(items[3], Text(two.GetProperty("metadata"), "last_removed_item_id"));
        Assert.Equal([items[2]], await _api.WalkAsync($"/conversations/{id}/items", 10));
        await _api.RefusedAsync("GET", $"/conversations/{id}/items/{items[0]}", 404, code: "not_found");
        await _api.RefusedAsync("DELETE", $"/conversations/{id}/items", 404, $$"""{"item_ids":["{{items[2]}}","{{items[0]}}"]}""");
        Assert.Equal([items[2]], await _api.WalkAsync($"/conversations/{id}/items", 10));
    }

    [Fact]
    public async Task Full_metadata_is_left_as_it_is_when_an_item_is_removed()
    {
        var metadata = "{" + string.Join(",", Enumerable.Range(0, 16).Select(i => $"\"k{i}\":\"v\"")) + "}";
        var id = await CreateAsync($$"""{"metadata":{{metadata}},{{Items(1)[1..]}}""");
        var item = (await _api.WalkAsync($"/conversations/{id}/items", 1))[0];
        Assert.Equal(metadata, (await _api.CallAsync("DELETE", $"/conversations/{id}/items/{item}")).GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task The_list_is_ordered_by_the_last_change()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await CreateAsync());
        await _api.CallAsync("POST", $"/conversations/{ids[1]}/items", Items(1));
        await _api.CallAsync("POST", $"/conversations/{ids[0]}", """{"metadata":{}}""");
        string[] expected = [ids[0], ids[1], ids[4], ids[3], ids[2]];
        Assert.Equal(expected, await _api.WalkAsync("/conversations", 2));
        Assert.Equal(expected.Reverse(), await _api.WalkAsync("/conversations?order=asc", 3));
    }

    [Fact]
    public async Task The_list_is_filtered_by_metadata_and_by_words_of_items()
    {
        var a = await CreateAsync("""{"metadata":{"topic":"demo","n":"1"},"items":[{"role":"user","content":"Where is the Quick BROWN fox?"}]}""");
        var b = await CreateAsync("""{"metadata":{"topic":"demo"},"items":[{"role":"assistant","content":"Привет, мир! (a & b)"}]}""");
        await CreateAsync();
        Assert.Equal([b, a], await _api.WalkAsync("/conversations?metadata[topic]=demo", 1));
        Assert.Equal([b, a], await _api.WalkAsync("/conversations?metadata=" + Uri.EscapeDataString("""{"topic":"demo"}"""), 10));
        Assert.Equal([a], await _api.WalkAsync("/conversations?metadata%5Btopic%5D=demo&metadata[n]=1", 10));
        Assert.Empty(await _api.WalkAsync("/conversations?metadata[topic]=other", 10));
        Assert.Equal([a], await _api.WalkAsync("/conversations?search=brown+FOX", 10));
        Assert.Equal([b], await _api.WalkAsync("/conversations?search=" + Uri.EscapeDataString("МИР & | ! ' <->"), 10));
        Assert.Equal([b], await _api.WalkAsync("/conversations?search=b&metadata[topic]=demo", 10));
        Assert.Empty(await _api.WalkAsync("/conversations?search=bro", 10));
        Assert.Equal(3, (await _api.WalkAsync("/conversations?search=", 10)).Count);
    }

    [Theory]
    [InlineData("/conversations?limit=0", "limit")]
    [InlineData("/conversations?limit=51", "limit")]
    [InlineData("/conversations?limit=-1", "limit")]
    [InlineData("/conversations?limit=1e9", "limit")]
    [InlineData("/conversations?limit=99999999999999999999", "limit")]
    [InlineData("/conversations?limit=2&limit=3", "limit")]
    [InlineData("/conversations?limit=2&LIMIT=3", "limit")]
    [InlineData("/conversations?order=up", "order")]
    [InlineData("/conversations?order=asc&order=desc", "order")]
    [InlineData("/conversations?after=conv_00000000000000000000000000000000", "after")]
    [InlineData("/conversations?before=x%00y", "before")]
    [InlineData("/conversations?after=x&before=y", null)]
    [InlineData("/conversations?after=x&after=y", "after")]
    [InlineData("/conversations?metadata=x", "metadata")]
    [InlineData("/conversations?metadata=[]", "metadata")]
    [InlineData("/conversations?metadata={\"a\":1}", "metadata")]
    [InlineData("/conversations?metadata={\"a\":\"b\"},\"c\":1", "metadata")]
    [InlineData("/conversations?metadata={\"a\":\"b\",\"a\":\"c\"}", "metadata")]
    [InlineData("/conversations?metadata[a]=1&metadata[a]=2", "metadata")]
    [InlineData("/conversations?search=a&search=b", "search")]
    [InlineData("/conversations/{id}/items?limit=101", "limit")]
    [InlineData("/conversations/{id}/items?order=ASC", "order")]
    [InlineData("/conversations/{id}/items?after=nothing", "after")]
    [InlineData("/conversations/{id}/items?before=nothing", "before")]
    [InlineData("/conversations/{id}/items?include[]=everything", "include")]
    public async Task A_query_that_is_not_understood_is_refused_and_named(string path, string? param)
    {
        var id = await CreateAsync();
        await _api.RefusedAsync("GET", path.Replace("{id}", id, StringComparison.Ordinal), 400, code: "invalid_value", param: param);
    }

    [Theory]
    [InlineData("POST", "", "[]", "invalid_json", null)]
    [InlineData("POST", "", "{\"items\":{}}", "invalid_type", "items")]
    [InlineData("POST", "", "{\"items\":[{\"type\":\"message\",\"content\":\"x\"}]}", "missing_required_parameter", "items[0].role")]
    [InlineData("POST", "", "{\"items\":[{\"id\":\"msg_1\"}]}", "invalid_value", "items[0]")]
    [InlineData("POST", "", "{\"metadata\":{\"a\":1}}", "invalid_type", "metadata.a")]
    [InlineData("POST", "/{id}", "{}", "missing_required_parameter", "metadata")]
    [InlineData("POST", "/{id}", null, "invalid_json", null)]
    [InlineData("POST", "/{id}/items", "{}", "missing_required_parameter", "items")]
    [InlineData("POST", "/{id}/items", "{\"items\":[]}", "invalid_value", "items")]
    [InlineData("DELETE", "/{id}/items", "{\"item_ids\":[]}", "invalid_value", "item_ids")]
    [InlineData("DELETE", "/{id}/items", "{\"item_ids\":[1]}", "invalid_type", "item_ids[0]")]
    [InlineData("DELETE", "/{id}/items", null, "invalid_json", null)]
    public async Task A_body_that_is_not_what_it_should_be_is_refused_and_changes_nothing(string method, string path, string? body, string code, string? param)
    {
        var id = await CreateAsync($$"""{"metadata":{"a":"1"},{{Items(1)[1..]}}""");
        var before = await _api.CallAsync("GET", $"/conversations/{id}");
        await _api.RefusedAsync(method, "/conversations" + path.Replace("{id}", id, StringComparison.Ordinal), 400, body, code, param);
        Assert.Equal(before.GetRawText(), (await _api.CallAsync("GET", $"/conversations/{id}")).GetRawText());
        Assert.Single(await _api.WalkAsync($"/conversations/{id}/items", 10));
        Assert.Equal([id], await _api.WalkAsync("/conversations", 10));
    }

    [Fact]
    public async Task At_most_twenty_items_come_at_once()
    {
        var id = await CreateAsync(Items(20));
        await _api.RefusedAsync("POST", "/conversations", 400, Items(21), "invalid_value", "items");
        await _api.RefusedAsync("POST", $"/conversations/{id}/items", 400, Items(21), "invalid_value", "items");
        Assert.Equal(20, (await _api.WalkAsync($"/conversations/{id}/items", 100)).Count);
    }

    [Fact]
    public async Task Other_tenants_and_end_users_get_the_bytes_that_an_unknown_id_gets()
    {
        var id = await CreateAsync(Items(2));
        var items = await _api.WalkAsync($"/conversations/{id}/items", 10);
        var unknown = "conv_" + new string('0', 32);
        ApiClient[] strangers =
        [
            new(gateway, TestKeys.Globex), new(gateway, TestKeys.Acme), new(gateway, TestKeys.Acme, "somebody-else"), new(gateway, TestKeys.Globex, "somebody-else"),
        ];
        foreach (var stranger in strangers)
        {
            foreach (var ((method, path, body), (_, nowhere, _)) in Routes(id, items[0]).Zip(Routes(unknown, items[0])))
            {
                var foreign = await stranger.RefusedAsync(method, path, 404, body, "not_found");
                Assert.Equal(foreign, await stranger.RefusedAsync(method, nowhere, 404, body));
                Assert.Equal(foreign, await stranger.RefusedAsync(method, nowhere.Replace(unknown, "malformed", StringComparison.Ordinal), 404, body));
                Assert.DoesNotContain(id, foreign, StringComparison.Ordinal);
            }

            foreach (var cursor in new[] { "after", "before" })
            {
                var foreign = await stranger.RefusedAsync("GET", $"/conversations?{cursor}={id}", 400, param: cursor);
                Assert.Equal(foreign, await stranger.RefusedAsync("GET", $"/conversations?{cursor}={unknown}", 400, param: cursor));
            }

            Assert.DoesNotContain(id, await stranger.WalkAsync("/conversations?search=text", 50));
        }

        Assert.Equal(items, await _api.WalkAsync($"/conversations/{id}/items", 10));
        Assert.Equal("{}", (await _api.CallAsync("GET", $"/conversations/{id}")).GetProperty("metadata").GetRawText());
    }

    /// <summary>Every route that names a conversation.</summary>
    private static IEnumerable<(string Method, string Path, string? Body)> Routes(string id, string item) =>
    [
        ("GET", $"/conversations/{id}", null),
        ("POST", $"/conversations/{id}", """{"metadata":{"mine":"now"}}"""),
        ("POST", $"/conversations/{id}/items", Items(1)),
        ("GET", $"/conversations/{id}/items", null),
        ("GET", $"/conversations/{id}/items?after={item}", null),
        ("GET", $"/conversations/{id}/items/{item}", null),
        ("DELETE", $"/conversations/{id}/items/{item}", null),
        ("DELETE", $"/conversations/{id}/items", $$"""{"item_ids":["{{item}}"]}"""),
        ("DELETE", $"/conversations/{id}", null),
    ];

    private static string Items(int count) =>
        "{\"items\":[" + string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"role":"user","content":"text {{i}}"}""")) + "]}";

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    private async Task<string> CreateAsync(string body = "{}") => ApiClient.Id(await _api.CallAsync("POST", "/conversations", body));
}
